select
    meeting_id,
    audit_id,
    team_id as team_code,
    chair_id as chair_code,
    convened_on,
    due_on,
    held_on,
    worker_took_part as worker_took_part_flag,
    manager_took_part as manager_took_part_flag,
    actions_agreed,
    {{ origin('meeting_4r') }}
from {{ source('raw', 'meeting_4r') }}
where {{ in_force() }}
