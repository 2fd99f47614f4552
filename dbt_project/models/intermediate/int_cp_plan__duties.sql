-- Clocks T05_first and T05_later, the reviews of a child protection plan, and T07, its visits. What was due before the
-- first review, or visit, on record says nothing: they were not delivered then.
with link as (
    select
        case when is_first then 'T05_first' else 'T05_later' end as clock_id,
        plan_id, from_on, due_on, done_on,
        (select min(held_on) from {{ ref('stg_ssd_cp_reviews') }}) as first_on_record,
        'The plan ended before the review was due.' as reason
    from {{ ref('int_cp_review__link') }}
    union all
    select
        'T07', plan_id, from_on, due_on, done_on,
        (select min(visited_on) from {{ ref('stg_ssd_cp_visits') }}),
        'The plan ended before the visit was due.'
    from {{ ref('int_cp_visit__link') }}
)

select
    link.clock_id,
    plan.plan_id as case_id,
    plan.child_key,
    allocation.worker_code,
    allocation.team_code,
    link.from_on as start_on,
    link.due_on,
    link.done_on,
    plan.ended_on,
    link.reason,
    plan.feed,
    plan.delivery_id,
    plan.row_no
from {{ ref('int_cp_plan') }} as plan
inner join link
    on
        plan.plan_id = link.plan_id
        and (plan.ended_on is null or link.from_on < plan.ended_on)
        and {{ is_on_record('link.due_on', 'link.done_on', 'plan.ended_on', 'link.first_on_record') }}
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'plan.child_key', duty_day('link.done_on', 'plan.ended_on')) }}
