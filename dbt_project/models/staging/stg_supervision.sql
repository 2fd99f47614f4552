select
    supervision_id,
    worker_id as worker_code,
    supervisor_id as supervisor_code,
    team_id as team_code,
    kind,
    child_id as child_key,
    due_on,
    held_on,
    signed_on,
    not_held_because,
    is_reflective as is_reflective_flag,
    {{ origin('supervision') }}
from {{ source('raw', 'supervision') }}
where {{ in_force() }}
