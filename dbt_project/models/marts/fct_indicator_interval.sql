{{ config(materialized='view') }}
-- The interval of chance about each percentage, rate and count: Wilson's for shares, Byar's for counts and for rates,
-- whose limits stand to the rate as the count's limits stand to the count. Medians, means and ratios of amounts
-- (full-time equivalents, days) have none, and neither has a figure without data or with nothing below the line.
with figure as (
    select
        value_row.*,
        indicator.kind,
        value_row.numerator::float8 as events,
        value_row.denominator::float8 as cases,
        -- What one case more would add to the rate.
        case
            when value_row.numerator > 0 then value_row.value / value_row.numerator
            else 10000 * {{ years_worth(
                'indicator.timing', 'value_row.period_kind', 'value_row.period_start', 'value_row.period_end',
                'least(value_row.period_end, value_row.as_at)'
            ) }} / nullif(value_row.denominator, 0)
        end::float8 as rate_of_one
    from {{ ref('fct_indicator_value') }} as value_row
    inner join {{ ref('indicators') }} as indicator using (indicator_id)
    where
        indicator.kind in ('percentage', 'rate', 'count')
        and indicator.indicator_id not in {{ indicators_of_amounts() }}
        and value_row.status in ('ok', 'partial')
)

select
    council::text as council,
    indicator_id::text as indicator_id,
    level::text as level,
    unit_code::text as unit_code,
    breakdown::text as breakdown,
    category::text as category,
    period_kind::text as period_kind,
    period_start::date as period_start,
    period_end::date as period_end,
    as_at::date as as_at,
    numerator::numeric(20, 6) as numerator,
    denominator::numeric(20, 6) as denominator,
    value::numeric(20, 6) as value,
    case when kind = 'percentage' then 'wilson' else 'byar' end::text as method,
    (case kind
        when 'percentage' then {{ wilson_limit('events', 'cases', -1) }}
        when 'count' then {{ byar_limit('events', -1) }}
        when 'rate' then rate_of_one * {{ byar_limit('events', -1) }}
    end)::numeric(20, 6) as lower_limit,
    (case kind
        when 'percentage' then {{ wilson_limit('events', 'cases', 1) }}
        when 'count' then {{ byar_limit('events', 1) }}
        when 'rate' then rate_of_one * {{ byar_limit('events', 1) }}
    end)::numeric(20, 6) as upper_limit
from figure
