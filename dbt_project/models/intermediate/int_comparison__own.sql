-- The council's own values with the latest published year that had ended by the period's end.
with own as (
    select
        value.indicator_id, indicator.benchmark_id, indicator.kind, indicator.better,
        value.period_kind, value.period_start, value.period_end,
        value.value as own_value, value.numerator as own_numerator, value.denominator as own_denominator
    from {{ ref('fct_indicator_value') }} as value
    inner join {{ ref('indicators') }} as indicator using (indicator_id)
    where
        value.level = 'council'
        and value.breakdown = 'all'
        and value.period_kind <> 'week'
        and value.status in ('ok', 'partial')
),

published as (
    select distinct indicator_id, period_end from {{ ref('int_benchmark') }} where value is not null
)

select own.*, max(published.period_end) as published_on
from own
left join published
    on own.benchmark_id = published.indicator_id and published.period_end <= own.period_end
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
