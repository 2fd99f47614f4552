{{ config(indexes=[{'columns': ['plan_id', 'from_on']}]) }}
-- The chain of visits under a child in need plan: from its start, or a visit at which the child was seen or not yet
-- born, to the next such visit. The limit is the council's own: there is no national one. The feed ties a visit to the
-- child alone.
with seen as (
    select distinct
        visit.child_key,
        visit.visited_on
    from {{ ref('stg_ssd_cin_visits') }} as visit
    left join {{ ref('int_person') }} as person on visit.child_key = person.child_key
    where
        {{ is_visit_of_child('visit.is_seen_flag', 'person', 'visit.visited_on') }}
        and visit.visited_on <= {{ as_at() }}
),

step as (
    select
        plan_id,
        started_on as from_on
    from {{ ref('int_cin_plan') }}
    union
    select
        plan.plan_id,
        seen.visited_on
    from {{ ref('int_cin_plan') }} as plan
    inner join seen
        on
            plan.child_key = seen.child_key
            and plan.started_on < seen.visited_on
            and (plan.ended_on is null or plan.ended_on >= seen.visited_on)
)

select
    plan_id,
    from_on,
    from_on + {{ council_clock('cin_visit_days') }} as due_on,
    lead(from_on) over (partition by plan_id order by from_on) as done_on
from step
