{{ config(materialized='view', meta={'stored_in': ['int_value__stock', 'int_value__flow', 'int_value__made']}) }}
-- The sums in words: each for every period that shows it.
-- A branch without a condition is read by its index; `is_made` keeps out the counts that shares are made of.
with cell as (
    {% for cells in ['int_value__stock', 'int_value__flow'] %}
    select indicator_no, bucket_no, unit_no, category_no, numerator, denominator, median, false as is_made
    from {{ ref(cells) }}
    union all
    {% endfor %}
    select indicator_no, bucket_no, unit_no, category_no, numerator, denominator, null::float8, true
    from {{ ref('int_value__made') }}
),

counted as (
    select
        cell.median,
        indicator.indicator_id,
        indicator.kind,
        indicator.is_delivered,
        unit.level,
        unit.unit_code,
        category.breakdown,
        category.category,
        bucket.period_kind,
        bucket.period_start,
        bucket.period_end,
        bucket.is_complete,
        case when indicator.is_delivered then coalesce(cell.numerator, 0) end::numeric as numerator,
        case
            when not indicator.is_delivered or indicator.kind = 'count' then null
            when indicator.kind = 'rate' then bucket.population
            else coalesce(cell.denominator, 0)
        end::numeric as denominator,
        -- A flow of part of a year is written as if it went on for a year.
        case
            when indicator.timing = 'snapshot' or bucket.period_kind in ('year', 'rolling_year') then 1
            else 365.0 / (bucket.period_end - bucket.period_start + 1)
        end as annualised
    from cell
    inner join {{ ref('int_grid__indicator') }} as indicator using (indicator_no, is_made)
    inner join {{ ref('int_grid__bucket') }} as bucket using (bucket_no)
    inner join {{ ref('int_value__unit') }} as unit using (unit_no)
    inner join {{ ref('int_value__category') }} as category using (category_no)
    where bucket.period_kind <> 'week' or (category.breakdown = 'all' and indicator.is_read_weekly)
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
