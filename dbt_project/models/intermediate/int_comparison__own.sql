-- The council's own values with the latest published year that had ended by the period's end, the decimals of its
-- figures, and the latest such year with a full league, which the newest publication may not have.
with published as (
    select figure.indicator_id, figure.period_end, max(scale(trim_scale(figure.value))) as decimals
    from {{ ref('int_benchmark') }} as figure
    where figure.value is not null
    group by figure.indicator_id, figure.period_end
),

dated as (
    select
        published.indicator_id, published.period_end, published.decimals,
        (league.indicator_id is not null) as is_league
    from published
    left join {{ ref('int_comparison__rank') }} as league using (indicator_id, period_end)
)

select
    own.*,
    indicator.benchmark_id,
    indicator.kind,
    indicator.better,
    max(published.period_end) as published_on,
    (array_agg(published.decimals order by published.period_end desc))[1] as decimals,
    max(published.period_end) filter (where published.is_league) as league_on
from {{ ref('int_comparison__value') }} as own
inner join {{ ref('indicators') }} as indicator using (indicator_id)
left join dated as published
    on indicator.benchmark_id = published.indicator_id and published.period_end <= own.period_end
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
