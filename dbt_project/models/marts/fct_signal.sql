-- The columns alone: `sightline/signals.py` fills the table at the end of the build, because the rules of a control
-- chart look along a series.
select
    null::text as council,
    null::text as indicator_id,
    null::text as level,
    null::text as unit_code,
    null::text as period_kind,
    null::date as period_end,
    null::date as as_at,
    null::int as points,
    null::numeric(20, 6) as value,
    null::numeric(20, 6) as mean,
    null::numeric(20, 6) as lower_limit,
    null::numeric(20, 6) as upper_limit,
    null::boolean as is_trial,
    null::text as rule,
    null::int as side,
    null::int as lasting,
    null::date as since,
    null::text as verdict,
    null::text as sentence
limit 0
