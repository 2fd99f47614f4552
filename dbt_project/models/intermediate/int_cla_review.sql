-- One row a day on which a period of care was reviewed, as a chain: the first review is due 20 working days
-- after the start, the second three months after the first, each later one six months after the one before
-- (Care Planning Regulations 2010, reg 33). `late_so_far` counts the late ones of the period up to this one.
with held as (
    select distinct
        period.period_of_care_id,
        period.child_key,
        period.started_on,
        period.limit_on,
        review.reviewed_on
    from {{ ref('stg_ssd_cla_reviews') }} as review
    inner join {{ ref('int_cla_period') }} as period using (period_of_care_id)
    where
        coalesce(review.is_cancelled_flag, 'N') <> 'Y'
        and review.reviewed_on <= {{ as_at() }}
        and review.reviewed_on > period.started_on
),

chained as (
    select
        held.*,
        row_number() over chain as review_number,
        lag(reviewed_on) over chain as previous_reviewed_on,
        lead(reviewed_on) over chain as next_reviewed_on
    from held
    window chain as (partition by period_of_care_id order by reviewed_on)
),

dated as (
    select
        chained.*,
        case review_number
            when 1 then limit_on
            when 2 then {{ add_months('previous_reviewed_on', 3) }}
            else {{ add_months('previous_reviewed_on', 6) }}
        end as due_on,
        case review_number
            when 1 then {{ add_months('reviewed_on', 3) }}
            else {{ add_months('reviewed_on', 6) }}
        end as next_due_on
    from chained
)

select
    dated.*,
    count(*) filter (where reviewed_on > due_on) over (
        partition by period_of_care_id order by reviewed_on
    ) as late_so_far
from dated
