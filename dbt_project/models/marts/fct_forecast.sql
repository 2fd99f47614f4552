-- The columns alone: `sightline/forecast.py` fills the table at the end of the build, by a library for time series.
select
    null::text as council,
    null::text as indicator_id,
    null::date as period_start,
    null::date as period_end,
    null::date as as_at,
    null::int as months_ahead,
    null::numeric(20, 6) as value,
    null::numeric(20, 6) as lower_80,
    null::numeric(20, 6) as upper_80,
    null::numeric(20, 6) as lower_95,
    null::numeric(20, 6) as upper_95,
    null::text as method,
    null::int as months,
    null::int as origins,
    null::numeric(20, 6) as mape,
    null::numeric(20, 6) as mase,
    null::numeric(20, 6) as benchmark_mape,
    null::numeric(20, 6) as benchmark_mase,
    null::numeric(20, 6) as coverage_80
limit 0
