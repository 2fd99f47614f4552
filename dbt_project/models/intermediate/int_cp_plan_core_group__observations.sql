-- First core groups, by the plans that began: those old enough to judge, and still running when it was due.
select
    'CP-14' as indicator_id,
    plan.plan_id as case_id,
    plan.child_key,
    allocation.worker_code,
    allocation.team_code,
    plan.started_on as observed_on,
    coalesce(plan.held_on <= plan.due_on, false)::int as numerator,
    1 as denominator,
    null as detail,
    plan.feed,
    plan.delivery_id,
    plan.row_no
from {{ ref('int_cp_plan__core_group') }} as plan
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'plan.child_key', 'plan.started_on') }}
where plan.due_on < {{ as_at() }} and (plan.ended_on is null or plan.ended_on > plan.due_on)
