{{ config(indexes=[{'columns': ['plan_id', 'from_on']}]) }}
-- The chain of visits of a plan: from its start, or a visit at which the child was seen or not yet born, to the next
-- such visit. The limit is the council's own: there is no national one.
with step as (
    select
        plan_id,
        started_on as from_on
    from {{ ref('int_cp_plan') }}
    union
    select
        plan.plan_id,
        visit.visited_on
    from {{ ref('int_cp_plan') }} as plan
    inner join {{ ref('stg_ssd_cp_visits') }} as visit
        on
            plan.plan_id = visit.plan_id
            and plan.started_on < visit.visited_on
            and (plan.ended_on is null or plan.ended_on >= visit.visited_on)
    left join {{ ref('int_person') }} as person on plan.child_key = person.child_key
    where
        {{ is_visit_of_child('visit.is_seen_flag', 'person', 'visit.visited_on') }}
        and visit.visited_on <= {{ as_at() }}
)

select
    plan_id,
    from_on,
    from_on + {{ council_clock('cp_visit_days') }} as due_on,
    lead(from_on) over (partition by plan_id order by from_on) as done_on
from step
