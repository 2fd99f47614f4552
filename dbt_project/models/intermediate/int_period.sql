-- Every period that has begun by the as-at date, from 1 April `years_back` financial years before.
with bounds as (
    select
        {{ as_at() }} as as_at,
        make_date(
            extract(year from {{ as_at() }} - interval '3 months')::int - {{ var('years_back') }}, 4, 1
        ) as first_on
),

starts as (
    select
        'week' as period_kind,
        generate_series(
            date_trunc('week', as_at) - interval '53 weeks', as_at, interval '1 week'
        )::date as period_start,
        interval '1 week' as length
    from bounds
    union all
    select
        'month',
        generate_series(first_on, as_at, interval '1 month')::date,
        interval '1 month'
    from bounds
    union all
    select
        'quarter',
        generate_series(first_on, as_at, interval '3 months')::date,
        interval '3 months'
    from bounds
    union all
    select
        'year',
        generate_series(first_on, as_at, interval '1 year')::date,
        interval '1 year'
    from bounds
    union all
    select
        'rolling_year',
        generate_series(first_on, as_at - interval '11 months', interval '1 month')::date,
        interval '1 year'
    from bounds
),

periods as (
    select
        period_kind,
        period_start,
        (period_start + length)::date - 1 as period_end
    from starts
)

select
    periods.period_kind,
    periods.period_start,
    periods.period_end,
    least(periods.period_end, bounds.as_at) as snapshot_on,
    (periods.period_end <= bounds.as_at) as is_complete,
    (extract(year from periods.period_end - interval '3 months'))::int as financial_year,
    case periods.period_kind
        when 'week' then to_char(periods.period_start, 'IYYY"-W"IW')
        when 'month' then to_char(periods.period_start, 'YYYY-MM')
        when 'rolling_year' then '12 months to ' || to_char(periods.period_end, 'YYYY-MM')
        when 'quarter'
            then to_char(periods.period_start - interval '3 months', 'YYYY"-Q"Q')
        else
            to_char(periods.period_start, 'YYYY') || '-'
            || to_char(periods.period_start + interval '1 year', 'YY')
    end as label
from periods
cross join bounds
where periods.period_kind <> 'rolling_year' or periods.period_end <= bounds.as_at
