-- What a sum is kept under, with the periods that show it. A flow's bucket is a period (1 to 999). A stock's is a
-- snapshot day, which may be the last known day of several periods: the end of a month (from 1001), or of a week alone
-- (from 2001).
with period as (
    select
        *,
        row_number() over (order by period_kind, period_start) as period_no
    from {{ ref('int_period') }}
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
        period_no
    from period
    union all
    select
        snapshot.bucket_no,
        false,
        period.period_no
    from period
    inner join snapshot using (snapshot_on)
)

select
    bucket.bucket_no::smallint as bucket_no,
    bucket.is_flow,
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
