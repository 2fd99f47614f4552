-- One row an open child protection plan and snapshot day, with what was due and known on that day.
select
    plan.plan_id,
    plan.child_key,
    day.snapshot_on,
    plan.started_on,
    plan.latest_category,
    day.snapshot_on - plan.started_on + 1 as days_on_plan,
    review.due_on as review_due_on,
    review.last_late_on as last_late_review_on,
    link.due_on as visit_due_on,
    visit.is_seen_alone as is_seen_alone_at_last_visit,
    (person.birth_on is null or person.birth_on > day.snapshot_on) as is_unborn,
    allocation.worker_code,
    allocation.team_code,
    plan.feed,
    plan.delivery_id,
    plan.row_no
from {{ ref('int_cp_plan') }} as plan
inner join {{ ref('int_snapshot') }} as day
    on {{ open_at('plan.started_on', 'plan.ended_on', 'day.snapshot_on') }}
inner join {{ ref('int_cp_review__link') }} as review
    on plan.plan_id = review.plan_id and {{ open_at('review.from_on', 'review.done_on', 'day.snapshot_on') }}
inner join {{ ref('int_cp_visit__link') }} as link
    on plan.plan_id = link.plan_id and {{ open_at('link.from_on', 'link.done_on', 'day.snapshot_on') }}
left join {{ ref('int_cp_visit') }} as visit
    on
        plan.plan_id = visit.plan_id
        and {{ open_at('visit.visited_on', 'visit.next_visited_on', 'day.snapshot_on') }}
left join {{ ref('int_person') }} as person on plan.child_key = person.child_key
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'plan.child_key', 'day.snapshot_on') }}
-- By day: sums of a day then keep to little memory (`int_value__cut`).
order by day.snapshot_on
