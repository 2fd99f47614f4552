select
    escalation_id,
    child_id as child_key,
    raised_by_id as raised_by_code,
    team_id as team_code,
    worker_id as worker_code,
    theme,
    concern_on,
    alert_on,
    director_on,
    resolved_on,
    {{ origin('escalation') }}
from {{ source('raw', 'escalation') }}
where {{ in_force() }}
