-- The first core group of each plan. It is due within the council's number of working days of the conference, whose day
-- is the plan's first (children in need census, rule 2885); the national text was not seen. No number, no due date.
with held as (
    select
        plan.plan_id,
        min(meeting.held_on) as held_on
    from {{ ref('int_cp_plan') }} as plan
    inner join {{ ref('stg_core_group') }} as meeting
        on
            plan.plan_id = meeting.plan_id
            and meeting.held_on >= plan.started_on
            and meeting.held_on <= {{ as_at() }}
    group by plan.plan_id
)

select
    plan.plan_id,
    plan.child_key,
    plan.started_on,
    plan.ended_on,
    held.held_on,
    core_group_limit.last_on as due_on,
    plan.feed,
    plan.delivery_id,
    plan.row_no
from {{ ref('int_cp_plan') }} as plan
left join held using (plan_id)
{{ join_working_day_limit('core_group_limit', 'plan.started_on', council_clock('core_group_working_days')) }}
