-- One row an action that an audit asked for.
select
    '{{ var("council") }}'::text as council,
    action_id::text as action_id,
    audit_id::text as audit_id,
    child_key::text as child_key,
    level::text as level,
    worker_code::text as owner_code,
    team_code::text as team_code,
    service_code::text as service_code,
    assigned_on::date as assigned_on,
    due_on::date as due_on,
    done_on::date as done_on,
    {{ limit_state('due_on', 'done_on') }}::text as state,
    {{ days_late('due_on', 'done_on') }}::int as days_late,
    {{ as_at() }} as as_at,
    feed::text as feed,
    delivery_id::bigint as delivery_id,
    row_no::int as row_no
from {{ ref('int_audit_action') }}
