-- Clock T06: the first core group of each plan, by the council's own number of working days. What was due before the
-- first core group on record says nothing: they were not delivered then.
with first_record as (
    select min(held_on) as first_on
    from {{ ref('stg_core_group') }}
)

select
    'T06' as clock_id,
    plan.plan_id as case_id,
    plan.child_key,
    allocation.worker_code,
    allocation.team_code,
    plan.started_on as start_on,
    plan.due_on,
    plan.held_on as done_on,
    plan.ended_on,
    'The plan ended before the core group was due.' as reason,
    plan.feed,
    plan.delivery_id,
    plan.row_no
from {{ ref('int_cp_plan__core_group') }} as plan
inner join first_record on {{ is_on_record('plan.due_on', 'plan.held_on', 'plan.ended_on', 'first_record.first_on') }}
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'plan.child_key', duty_day('plan.held_on', 'plan.ended_on')) }}
