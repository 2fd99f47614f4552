-- The full leagues: the published figures of all local authorities of a year, best first, where at least 100 of the 153
-- published one. The council's own published figure is not among them: its current value stands in its place.
select
    figure.indicator_id,
    figure.period_end,
    indicator.better,
    array_agg(
        figure.value order by case when indicator.better = 'low' then figure.value else -figure.value end
    ) filter (where figure.area_code <> council.gss_code) as others_best_first,
    count(*) as n_published,
    max(scale(trim_scale(figure.value))) as decimals,
    percentile_cont(case when indicator.better = 'low' then 0.25 else 0.75 end)
    within group (order by figure.value)::numeric as best_quarter,
    min(figure.source) as source
from {{ ref('int_benchmark') }} as figure
inner join {{ ref('indicators') }} as indicator on figure.indicator_id = indicator.benchmark_id
inner join {{ source('framework', 'framework_council') }} as council on council.council = '{{ var("council") }}'
where
    figure.area_type = 'local_authority'
    and figure.value is not null
    and indicator.better in ('low', 'high')
group by figure.indicator_id, figure.period_end, indicator.better
having count(*) >= 100
