select
    practice_day_id,
    kind,
    participant_id as worker_code,
    role as role_id,
    team_id as team_code,
    planned_on,
    held_on,
    families_met,
    actions_agreed,
    {{ origin('practice_day') }}
from {{ source('raw', 'practice_day') }}
where {{ in_force() }}
