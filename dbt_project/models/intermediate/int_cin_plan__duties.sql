-- Clock L01: each visit under a child in need plan, by the council's own interval. What was due before the first visit
-- on record says nothing: visits were not delivered then.
with first_record as (
    select min(visited_on) as first_on
    from {{ ref('stg_ssd_cin_visits') }}
)

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
inner join first_record on {{ is_on_record('visit.due_on', 'visit.done_on', 'plan.ended_on', 'first_record.first_on') }}
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'plan.child_key', duty_day('visit.done_on', 'plan.ended_on')) }}
