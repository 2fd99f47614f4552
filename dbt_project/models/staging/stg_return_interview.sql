select
    missing_id,
    interviewed_at,
    {{ origin('return_interview') }}
from {{ source('raw', 'return_interview') }}
where {{ in_force() }}
