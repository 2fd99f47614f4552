select
    version_number,
    release_date as released_on,
    description as version_description,
    is_current as is_current_flag,
    created_at as created_on,
    impact_description,
    {{ origin('ssd_version_log') }}
from {{ source('raw', 'ssd_version_log') }}
where {{ in_force() }}
