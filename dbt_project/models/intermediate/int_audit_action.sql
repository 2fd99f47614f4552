-- One row an action. Without a due date of its own it is due by the framework's clock, which starts when the action is
-- assigned or when the audit's period ends.
with clock as (
    select
        max(value) filter (where setting = 'action_due_in')::int as due_in,
        max(value) filter (where setting = 'action_due_unit') as due_unit,
        max(value) filter (where setting = 'action_clock_start') as starts_at
    from {{ ref('stg_framework_setting') }}
),

started as (
    select
        action.*,
        audit.child_key,
        clock.due_in,
        clock.due_unit,
        case clock.starts_at when 'audit_period_end' then audit.due_on else action.assigned_on end as clock_start_on
    from {{ ref('stg_audit_action') }} as action
    cross join clock
    left join {{ ref('int_audit') }} as audit using (audit_id)
    where coalesce(action.assigned_on <= {{ as_at() }}, true)
)

select
    action.action_id,
    action.audit_id,
    action.child_key,
    action.level,
    {{ own_place('action') }},
    action.assigned_on,
    coalesce(
        action.due_on,
        {{ limit_end('action.clock_start_on', 'action.due_in', 'action.due_unit', 'clock_limit') }}
    )::date as due_on,
    {{ known('action.done_on') }} as done_on,
    action.feed,
    action.delivery_id,
    action.row_no
from started as action
left join {{ ref('int_team') }} as team on action.team_code = team.team_code
{{ join_working_day_limit('clock_limit', 'action.clock_start_on', 'action.due_in') }}
