select
    prof_professional_id as worker_code,
    prof_social_worker_registration_no as registration_no,
    prof_agency_worker_flag as is_agency_flag,
    prof_full_time_equivalency as fte,
    {{ origin('ssd_professionals') }}
from {{ source('raw', 'ssd_professionals') }}
where {{ in_force() }}
