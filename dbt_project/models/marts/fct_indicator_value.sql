{{ config(
    materialized='view',
    meta={'stored_in': ['int_value__stock', 'int_value__flow', 'int_value__distinct', 'int_value__made']}
) }}
-- The series in words: each for every period that shows it.
-- A branch without a condition is read by its index; `is_made` keeps out the counts that shares are made of.
with series as (
    {% for stored in ['int_value__stock', 'int_value__flow'] %}
    select indicator_no, unit_no, category_no, steps, numerators, denominators, null::float8[] as medians,
        false as is_made
    from {{ ref(stored) }}
    union all
    {% endfor %}
    select indicator_no, unit_no, category_no, steps, numerators, denominators, medians, false
    from {{ ref('int_value__distinct') }}
    union all
    select indicator_no, unit_no, category_no, steps, numerators, denominators, null, true
    from {{ ref('int_value__made') }}
),

figure as (
    select
        indicator.indicator_id,
        indicator.kind,
        indicator.timing,
        indicator.aggregation,
        indicator.is_delivered,
        unit.level,
        unit.unit_code,
        category.breakdown,
        category.category,
        bucket.period_kind,
        bucket.period_start,
        bucket.period_end,
        bucket.snapshot_on,
        bucket.is_complete,
        bucket.population,
        {{ held('series.numerators', 'series', 'bucket', 'indicator.is_running') }} as numerator,
        {{ held('series.denominators', 'series', 'bucket', 'indicator.is_running') }} as denominator,
        {{ held('series.medians', 'series', 'bucket', 'indicator.is_running') }} as median
    from series
    inner join {{ ref('int_grid__indicator') }} as indicator using (indicator_no, is_made)
    inner join {{ ref('int_value__unit') }} as unit using (unit_no)
    inner join {{ ref('int_value__category') }} as category using (category_no)
    inner join {{ ref('int_grid__bucket') }} as bucket using (is_flow)
    where
        {{ is_held('series', 'bucket', 'indicator.is_running', 'unit') }}
        -- What only the as-at date knows has no past.
        and (indicator.history = 'full' or bucket.is_latest)
        and (bucket.period_kind <> 'week' or (category.breakdown = 'all' and indicator.is_read_weekly))
),

counted as (
    select
        median,
        indicator_id,
        kind,
        is_delivered,
        level,
        unit_code,
        breakdown,
        category,
        period_kind,
        period_start,
        period_end,
        snapshot_on,
        is_complete,
        case when is_delivered then coalesce(numerator, 0) end::numeric as numerator,
        case
            when not is_delivered or kind = 'count' then null
            when kind = 'rate' then population
            else coalesce(denominator, 0)
        end::numeric as denominator,
        {{ years_worth('timing', 'period_kind', 'period_start', 'period_end', 'snapshot_on') }} as annualised
    from figure
    -- Of a split, the categories that there are.
    where aggregation <> 'split' or numerator > 0
)

select
    '{{ var("council") }}'::text as council,
    indicator_id::text as indicator_id,
    level::text as level,
    unit_code::text as unit_code,
    breakdown::text as breakdown,
    category::text as category,
    period_kind::text as period_kind,
    period_start::date as period_start,
    period_end::date as period_end,
    {{ as_at() }} as as_at,
    numerator::numeric(20, 6) as numerator,
    denominator::numeric(20, 6) as denominator,
    (case
        when kind = 'count' then numerator
        when kind = 'median' then median::numeric
        when kind = 'percentage' then 100 * numerator / nullif(denominator, 0)
        when kind = 'mean' then numerator / nullif(denominator, 0)
        when kind = 'rate' then 10000 * annualised * numerator / nullif(denominator, 0)
    end)::numeric(20, 6) as value,
    case
        when not is_delivered then 'no_data'
        when kind <> 'count' and coalesce(denominator, 0) = 0 then 'empty'
        when not is_complete then 'partial'
        else 'ok'
    end::text as status
from counted
