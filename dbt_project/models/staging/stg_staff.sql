select
    worker_id as worker_code,
    role as role_id,
    is_agency as is_agency_flag,
    joined_on,
    left_on,
    leaving_reason,
    qualified_on,
    assessed_year_from as assessed_year_from_on,
    assessed_year_until as assessed_year_until_on,
    {{ origin('staff') }}
from {{ source('raw', 'staff') }}
where {{ in_force() }}
