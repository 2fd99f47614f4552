-- One row a step of the council's cycle that applies to an audit.
select
    '{{ var("council") }}'::text as council,
    audit_id::text as audit_id,
    step::text as step,
    occurrence::int as occurrence,
    step_label::text as step_label,
    stage::int as stage,
    owner_role::text as owner_role,
    owner_code::text as owner_code,
    team_code::text as team_code,
    service_code::text as service_code,
    from_on::date as from_on,
    due_on::date as due_on,
    done_on::date as done_on,
    {{ limit_state('due_on', 'done_on') }}::text as state,
    {{ days_late('due_on', 'done_on') }}::int as days_late,
    is_tracked::boolean as is_tracked,
    case when is_tracked then reached_on end::date as reached_on,
    {{ as_at() }} as as_at,
    feed::text as feed,
    delivery_id::bigint as delivery_id,
    row_no::int as row_no
from {{ ref('int_audit_step') }}
