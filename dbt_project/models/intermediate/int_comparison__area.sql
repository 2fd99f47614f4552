-- What each comparator published, by indicator and year: the figure itself for one area, mean and median
-- for several. The interactive tool of the department uses the mean, its dashboard the median.
with published as (
    select
        comparator.comparator, comparator.label, comparator.kind,
        figure.indicator_id, figure.period_end, figure.value, figure.status, figure.source
    from {{ ref('int_comparator_area') }} as comparator
    inner join {{ ref('int_benchmark') }} as figure using (area_code)
),

wanted as (
    select comparator, count(distinct area_code) as n_wanted
    from {{ ref('int_comparator_area') }}
    group by comparator
),

summed as (
    select
        published.comparator, published.label, published.kind, published.indicator_id, published.period_end,
        avg(published.value) as mean_value,
        percentile_cont(0.5) within group (order by published.value)::numeric as median_value,
        count(published.value) as n_areas,
        wanted.n_wanted,
        min(published.source) as source,
        min(published.status) as symbol
    from published
    inner join wanted using (comparator)
    group by 1, 2, 3, 4, 5, wanted.n_wanted
)

-- A mean of the few neighbours that are not suppressed misleads: under seven in ten it is left out. One area has the
-- publication's symbol.
select
    comparator, label, kind, indicator_id, period_end, source,
    choice.method,
    case when n_areas >= 0.7 * n_wanted then choice.value end as value,
    n_areas,
    case when n_wanted = 1 then symbol when n_areas >= 0.7 * n_wanted then 'ok' else 'too_few' end as status
from summed
cross join lateral (
    values
    (case when n_wanted = 1 then 'published' else 'mean' end, mean_value),
    (case when n_wanted > 1 then 'median' end, median_value)
) as choice (method, value)
where choice.method is not null
