-- One row a child protection plan of a year's CIN census, as known on its 31 March, and whether each review of the year
-- was in time and none is overdue: the first within three months of the start, each later one within six (Working
-- Together, as cited in the local authority interactive tool, measure 19). Where no census of the time before the year
-- is here and the census names no earlier review, the last one before is taken to have been on the last day before the
-- returns (our rule, as for reviews of children looked after).
with plan as (
    select
        plan.census_year::int as collection_year, year.first_on, year.last_on, year.returns_from,
        plan.child_key, plan.referred_on, plan.referral_no, plan.plan_started_on as started_on, plan.plan_no,
        case when plan.plan_ended_on <= year.last_on then plan.plan_ended_on end as ended_on,
        plan.initial_category, plan.latest_category, plan.earlier_plans
    from {{ ref('stg_cin_cp_plan') }} as plan
    inner join {{ ref('int_return__year') }} as year
        on plan.census_year = year.collection_year and year.return = 'cin'
    where plan.plan_started_on <= year.last_on
),

step as (
    select
        collection_year, child_key, started_on, started_on as from_on,
        {{ add_months('started_on', 3) }} as due_on, 1 as is_start
    from plan
    union all
    select
        plan.collection_year, plan.child_key, plan.started_on, review.reviewed_on,
        {{ add_months('review.reviewed_on', 6) }}, 0
    from plan
    inner join lateral (
        select distinct review.reviewed_on
        from {{ ref('stg_cin_cp_review') }} as review
        where
            review.census_year <= plan.collection_year
            and review.child_key = plan.child_key
            and review.plan_started_on = plan.started_on
            and review.reviewed_on > plan.started_on
            and review.reviewed_on <= plan.last_on
    ) as review on true
),

link as (
    select
        step.*, plan.first_on, plan.last_on,
        lead(step.from_on) over (
            partition by step.collection_year, step.child_key, step.started_on order by step.from_on
        ) as done_on,
        plan.returns_from
    from step
    inner join plan using (collection_year, child_key, started_on)
),

judged as (
    select
        collection_year, child_key, started_on,
        bool_and(
            coalesce(done_on, last_on) <= case
                when is_start = 1 and from_on < returns_from
                    then greatest(due_on, {{ add_months('returns_from - 1', 6) }})
                else due_on
            end
        ) filter (where done_on is null or done_on >= first_on) as is_reviewed_in_time
    from link
    group by 1, 2, 3
)

select
    plan.*,
    case when {{ add_months('plan.started_on', 3) }} <= plan.last_on then judged.is_reviewed_in_time end
        as is_reviewed_in_time,
    plan.last_on - plan.started_on + 1 as days_open,
    plan.ended_on - plan.started_on + 1 as days_on_plan
from plan
inner join judged using (collection_year, child_key, started_on)
