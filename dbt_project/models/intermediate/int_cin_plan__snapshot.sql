-- One row an open child in need plan and snapshot day, with the visit that is due next on that day.
select
    plan.plan_id,
    plan.child_key,
    day.snapshot_on,
    plan.started_on,
    visit.due_on as visit_due_on,
    allocation.worker_code,
    allocation.team_code,
    plan.feed,
    plan.delivery_id,
    plan.row_no
from {{ ref('int_cin_plan') }} as plan
inner join {{ ref('int_snapshot') }} as day
    on {{ open_at('plan.started_on', 'plan.ended_on', 'day.snapshot_on') }}
inner join {{ ref('int_cin_visit__link') }} as visit
    on plan.plan_id = visit.plan_id and {{ open_at('visit.from_on', 'visit.done_on', 'day.snapshot_on') }}
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'plan.child_key', 'day.snapshot_on') }}
-- By day: sums of a day then keep to little memory (`int_value__cut`).
order by day.snapshot_on
