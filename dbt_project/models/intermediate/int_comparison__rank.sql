-- All local authorities of a year in order, best first; only where most of the 153 published a figure.
select
    figure.indicator_id,
    figure.period_end,
    indicator.better,
    array_agg(
        figure.value order by case when indicator.better = 'low' then figure.value else -figure.value end
    ) as best_first,
    count(*) as n_ranked,
    percentile_cont(case when indicator.better = 'low' then 0.25 else 0.75 end)
    within group (order by figure.value)::numeric as best_quarter,
    min(figure.source) as source
from {{ ref('int_benchmark') }} as figure
inner join {{ ref('indicators') }} as indicator on figure.indicator_id = indicator.benchmark_id
where
    figure.area_type = 'local_authority'
    and figure.value is not null
    and indicator.better in ('low', 'high')
group by figure.indicator_id, figure.period_end, indicator.better
having count(*) >= 100
