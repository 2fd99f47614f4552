-- What cannot be added up: children counted once, children with repeats, medians. Computed anew for each level
-- and period. Only children counted once have breakdowns: a median of a handful says little.
with observation as (
    select
        observation.*,
        indicator.aggregation,
        place.service_no,
        place.council_no,
        worker.unit_no as worker_no,
        day.month_no,
        day.week_no
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_grid__indicator') }} as indicator using (indicator_no)
    inner join {{ ref('int_grid__place') }} as place using (team_no)
    inner join {{ ref('int_grid__day') }} as day using (observed_on)
    left join {{ ref('int_value__unit') }} as worker
        on worker.level = 'worker' and observation.worker_code = worker.unit_code
    where observation.bucket_no is null and not indicator.is_summed
),

in_unit as (
    select
        observation.*, unit.unit_no
    from observation
    cross join lateral (values (council_no), (service_no), (team_no), (worker_no)) as unit (unit_no)
    where unit.unit_no is not null
),

in_cut as (
    select
        indicator_no, aggregation, unit_no, 0 as category_no, month_no, week_no,
        child_no, unknown_child_key, numerator, denominator
    from in_unit
    union all
    select
        in_unit.indicator_no, in_unit.aggregation, in_unit.unit_no, cut.category_no, in_unit.month_no, null,
        in_unit.child_no, in_unit.unknown_child_key, in_unit.numerator, in_unit.denominator
    from in_unit
    left join {{ ref('int_value__category') }} as detail
        on detail.breakdown = 'detail' and in_unit.detail = detail.category
    cross join lateral (
        values
        (in_unit.age_no), (in_unit.sex_no), (in_unit.ethnicity_no), (in_unit.disability_no), (in_unit.uasc_no),
        (in_unit.locality_no), (in_unit.need_no), (detail.category_no)
    ) as cut (category_no)
    where
        in_unit.aggregation = 'distinct'
        and in_unit.unit_no is distinct from in_unit.worker_no
        and cut.category_no is not null
),

spread as (
    select in_cut.*, month.bucket_no
    from in_cut
    inner join {{ ref('int_grid__month') }} as month using (month_no)
    union all
    select in_cut.*, in_cut.week_no
    from in_cut
    where in_cut.week_no is not null
),

per_child as (
    select
        indicator_no, aggregation, bucket_no, unit_no, category_no, child_no, unknown_child_key,
        sum(numerator) as cases,
        bool_or(denominator is not null) as has_denominator
    from spread
    where aggregation in ('distinct', 'repeat')
    group by 1, 2, 3, 4, 5, 6, 7
)

select
    indicator_no, bucket_no, unit_no, category_no,
    count(*) filter (where cases >= case when aggregation = 'repeat' then 2 else 1 end)::float8 as numerator,
    case when bool_or(has_denominator) then count(*) end::float8 as denominator,
    null::float8 as median
from per_child
group by 1, 2, 3, 4
union all
select
    indicator_no, bucket_no, unit_no, category_no,
    sum(numerator), count(*), percentile_cont(0.5) within group (order by numerator)
from spread
where aggregation = 'median'
group by 1, 2, 3, 4
