-- Clock L01: each visit under a child in need plan, by the council's own interval.
select
    'L01' as clock_id,
    plan.plan_id as case_id,
    plan.child_key,
    allocation.worker_code,
    allocation.team_code,
    visit.from_on as start_on,
    visit.due_on,
    visit.done_on,
    plan.ended_on,
    'The plan ended before the visit was due.' as reason,
    plan.feed,
    plan.delivery_id,
    plan.row_no
from {{ ref('int_cin_plan') }} as plan
inner join {{ ref('int_cin_visit__link') }} as visit
    on plan.plan_id = visit.plan_id and (plan.ended_on is null or visit.from_on < plan.ended_on)
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'plan.child_key', duty_day('visit.done_on', 'plan.ended_on')) }}
