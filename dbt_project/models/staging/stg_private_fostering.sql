select
    arrangement_id,
    child_id as child_key,
    arrangement_type,
    notified_on,
    started_on,
    ended_on,
    is_suitable as is_suitable_flag,
    team_id as team_code,
    worker_id as worker_code,
    {{ origin('private_fostering') }}
from {{ source('raw', 'private_fostering') }}
where {{ in_force() }}
