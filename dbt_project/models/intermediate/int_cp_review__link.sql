{{ config(indexes=[{'columns': ['plan_id', 'from_on']}]) }}
-- The chain of reviews of a plan: the first is due three months after its start, each later one six months after the
-- one before (Working Together, as cited in the local authority interactive tool, measure 19). The last link is open.
with step as (
    select
        plan_id,
        started_on as from_on,
        true as is_first
    from {{ ref('int_cp_plan') }}
    union
    select
        plan.plan_id,
        review.held_on,
        false
    from {{ ref('int_cp_plan') }} as plan
    inner join {{ ref('stg_ssd_cp_reviews') }} as review
        on
            plan.plan_id = review.plan_id
            and plan.started_on < review.held_on
            and (plan.ended_on is null or plan.ended_on >= review.held_on)
    where review.held_on <= {{ as_at() }}
),

link as (
    select
        plan_id,
        from_on,
        is_first,
        case when is_first then {{ add_months('from_on', 3) }} else {{ add_months('from_on', 6) }} end as due_on,
        lead(from_on) over (partition by plan_id order by from_on) as done_on
    from step
)

select
    link.*,
    max(done_on) filter (where done_on > due_on) over (
        partition by plan_id order by from_on rows between unbounded preceding and 1 preceding
    ) as last_late_on
from link
