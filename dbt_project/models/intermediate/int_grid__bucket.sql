-- What a sum is kept under, with the periods that show it. A flow's bucket is a period (1 to 999). A stock's is a
-- snapshot day, which may be the last known day of several periods: the end of a month (from 1001), or of a week alone
-- (from 2001). What is added up is held by steps: months and weeks. A period has those after `after_step`, up to
-- `last_step`.
with period as (
    select
        *,
        row_number() over (order by period_kind, period_start) as period_no
    from {{ ref('int_period') }}
),

months_of as (
    select period.period_no, min(month.period_no) - 1 as after_step, max(month.period_no) as last_step
    from period
    inner join period as month
        on month.period_kind = 'month' and month.period_start between period.period_start and period.period_end
    where period.period_kind <> 'week'
    group by period.period_no
),

snapshot as (
    select
        snapshot_on,
        case when bool_or(period_kind = 'month') then 1000 else 2000 end + row_number() over (order by snapshot_on)
            as bucket_no
    from period
    group by snapshot_on
),

bucket as (
    select
        period_no as bucket_no,
        true as is_flow,
        period_no,
        coalesce(months_of.after_step, period_no - 1) as after_step,
        coalesce(months_of.last_step, period_no) as last_step
    from period
    left join months_of using (period_no)
    union all
    select
        snapshot.bucket_no,
        false,
        period.period_no,
        snapshot.bucket_no - 1 as after_step,
        snapshot.bucket_no as last_step
    from period
    inner join snapshot using (snapshot_on)
)

select
    bucket.bucket_no::smallint as bucket_no,
    bucket.is_flow,
    bucket.after_step::smallint as after_step,
    bucket.last_step::smallint as last_step,
    period.period_kind,
    period.period_start,
    period.period_end,
    period.snapshot_on,
    period.is_complete,
    (period.snapshot_on = {{ as_at() }}) as is_latest,
    population.population
from bucket
inner join period using (period_no)
left join {{ ref('int_population') }} as population using (financial_year)
