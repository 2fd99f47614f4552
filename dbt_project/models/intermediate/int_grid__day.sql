-- The buckets of each day that figures cover: its month, its week (of the last 53) and, on a snapshot day, its own.
with day as (
    select generate_series(min(period_start), {{ as_at() }}, interval '1 day')::date as observed_on
    from {{ ref('int_period') }}
    where period_kind = 'month'
)

select
    day.observed_on,
    month.bucket_no as month_no,
    week.bucket_no as week_no,
    snapshot.bucket_no as snapshot_no
from day
inner join {{ ref('int_grid__bucket') }} as month
    on
        month.is_flow
        and month.period_kind = 'month'
        and day.observed_on between month.period_start and month.period_end
left join {{ ref('int_grid__bucket') }} as week
    on
        week.is_flow
        and week.period_kind = 'week'
        and day.observed_on between week.period_start and week.period_end
left join (
    select distinct snapshot_on, bucket_no from {{ ref('int_grid__bucket') }} where not is_flow
) as snapshot on day.observed_on = snapshot.snapshot_on
