select
    supervision_audit_id,
    worker_id as worker_code,
    supervisor_id as supervisor_code,
    team_id as team_code,
    auditor_id as auditor_code,
    auditor_role,
    due_on,
    completed_on,
    grade,
    is_frequent_enough as is_frequent_enough_flag,
    is_reflective as is_reflective_flag,
    are_actions_followed_up as are_actions_followed_up_flag,
    {{ origin('supervision_audit') }}
from {{ source('raw', 'supervision_audit') }}
where {{ in_force() }}
