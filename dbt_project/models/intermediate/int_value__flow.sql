{{ config(indexes=[{'columns': ['indicator_no', 'category_no', 'unit_no', 'bucket_no'], 'unique': true}]) }}
-- Sums over periods for every unit and category: added up from months, taken as weeks, or computed anew where they
-- cannot be added. No event is a zero.
--
-- Twelve months are not added up for each month's end. A month's sum comes in with the rolling year that begins eleven
-- months before it and goes out with the one that begins after it: the running total of what comes and goes is the
-- figure of every rolling year up to the next change. (Buckets of months count from 1; those of rolling years follow
-- each other too, the first being that of the first month.)
with month as (
    select
        indicator_no, bucket_no as month_no, unit_no, category_no,
        sum(numerator) as numerator, sum(denominator) as denominator
    from (
        {{ levels('sums.bucket_no in (select month_no from ' ~ ref('int_grid__month') ~ ')') }}
        union all
        {{ zeros("bucket.period_kind = 'month' and indicator.is_summed") }}
    ) as level
    group by 1, 2, 3, 4
),

rolling as (
    select min(bucket_no) - 1 as before_no, count(*)::int as years
    from {{ ref('int_grid__bucket') }}
    where is_flow and period_kind = 'rolling_year'
),

change as (
    select
        month.indicator_no, month.unit_no, month.category_no, turn.year_no,
        sum(turn.numerator) as numerator, sum(turn.denominator) as denominator, sum(turn.months) as months
    from month
    cross join rolling
    cross join lateral (
        values
        (greatest(month.month_no - 11, 1), month.numerator, month.denominator, 1),
        (month.month_no + 1, -month.numerator, -month.denominator, -1)
    ) as turn (year_no, numerator, denominator, months)
    where turn.year_no <= rolling.years
    group by 1, 2, 3, 4
),

running as (
    select
        change.indicator_no, change.unit_no, change.category_no, change.year_no, rolling.before_no,
        sum(change.numerator) over up_to_here as numerator,
        sum(change.denominator) over up_to_here as denominator,
        sum(change.months) over up_to_here as months,
        lead(change.year_no, 1, rolling.years + 1) over up_to_here as next_year_no
    from change
    cross join rolling
    window up_to_here as (
        partition by change.indicator_no, change.unit_no, change.category_no order by change.year_no
    )
),

cell as (
    select
        month.indicator_no, period.bucket_no, month.unit_no, month.category_no,
        sum(month.numerator) as numerator, sum(month.denominator) as denominator, null::float8 as median
    from month
    inner join {{ ref('int_grid__month') }} as period using (month_no)
    inner join {{ ref('int_grid__bucket') }} as bucket using (bucket_no)
    where bucket.period_kind <> 'rolling_year'
    group by 1, 2, 3, 4
    union all
    select
        running.indicator_no, running.before_no + year.no, running.unit_no, running.category_no,
        running.numerator, running.denominator, null
    from running
    cross join lateral generate_series(running.year_no, running.next_year_no - 1) as year (no)
    where running.months > 0
    union all
    select indicator_no, bucket_no, unit_no, category_no, sum(numerator), sum(denominator), null
    from (
        {{ levels('sums.bucket_no in (select week_no from ' ~ ref('int_grid__day') ~ ')') }}
        union all
        {{ zeros("bucket.period_kind = 'week' and indicator.is_summed and indicator.has_weeks") }}
    ) as level
    group by 1, 2, 3, 4
    union all
    select indicator_no, bucket_no, unit_no, category_no, sum(numerator), sum(denominator), max(median)
    from (
        select indicator_no, bucket_no, unit_no, category_no, numerator, denominator, median
        from {{ ref('int_value__distinct') }}
        union all
        select zero.*, null
        from ({{ zeros("not indicator.is_summed and (bucket.period_kind <> 'week' or indicator.has_weeks)") }}) as zero
    ) as anew
    group by 1, 2, 3, 4
)

select
    cell.numerator,
    cell.denominator,
    cell.median,
    cell.unit_no,
    cell.category_no,
    cell.indicator_no,
    cell.bucket_no::smallint as bucket_no
from cell
inner join {{ ref('int_grid__indicator') }} as indicator using (indicator_no)
where {{ has_figure('cell', 'indicator') }}
