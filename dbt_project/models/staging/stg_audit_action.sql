select
    action_id,
    audit_id,
    level,
    owner_id as worker_code,
    owner_team_id as team_code,
    assigned_on,
    due_on,
    done_on,
    {{ origin('audit_action') }}
from {{ source('raw', 'audit_action') }}
where {{ in_force() }}
