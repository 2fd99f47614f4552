-- What cannot be added up: children counted once, children with repeats, medians. Computed anew for each level
-- and period. Only children counted once have breakdowns: a median of a handful says little.
with observation as (
    select
        o.*,
        i.aggregation
    from {{ ref('fct_observation') }} as o
    inner join {{ ref('indicators') }} as i using (indicator_id)
    where i.aggregation in ('distinct', 'repeat', 'median')
),

in_unit as (
    select
        observation.*, unit.level, unit.unit_code
    from observation
    cross join lateral (
        values
        ('council', observation.council),
        ('service', observation.service_code),
        ('team', observation.team_code),
        ('worker', nullif(observation.worker_code, 'unallocated'))
    ) as unit (level, unit_code)
    where unit.unit_code is not null
),

in_cut as (
    select
        in_unit.indicator_id, in_unit.aggregation, in_unit.level, in_unit.unit_code,
        'all' as breakdown, 'all' as category,
        in_unit.observed_on, in_unit.child_key, in_unit.numerator, in_unit.denominator
    from in_unit
    union all
    select
        in_unit.indicator_id, in_unit.aggregation, in_unit.level, in_unit.unit_code,
        cut.breakdown, cut.category,
        in_unit.observed_on, in_unit.child_key, in_unit.numerator, in_unit.denominator
    from in_unit
    cross join lateral (
        values
        ('age_band', in_unit.age_band),
        ('sex', in_unit.sex),
        ('ethnicity', in_unit.ethnicity),
        ('disability', in_unit.disability),
        ('uasc', in_unit.uasc),
        ('detail', in_unit.detail)
    ) as cut (breakdown, category)
    where in_unit.aggregation = 'distinct' and in_unit.level <> 'worker' and cut.category is not null
),

spread as (
    select
        in_cut.*, period.period_kind, period.period_start
    from in_cut
    inner join {{ ref('int_period') }} as period
        on in_cut.observed_on between period.period_start and period.period_end
    where in_cut.breakdown = 'all' or period.period_kind <> 'week'
),

per_child as (
    select
        indicator_id, aggregation, level, unit_code, breakdown, category, period_kind, period_start, child_key,
        sum(numerator) as cases,
        bool_or(denominator is not null) as has_denominator
    from spread
    where aggregation in ('distinct', 'repeat')
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
)

select
    indicator_id, level, unit_code, breakdown, category, period_kind, period_start,
    count(*) filter (where cases >= case when aggregation = 'repeat' then 2 else 1 end) as numerator,
    case when bool_or(has_denominator) then count(*) end as denominator,
    null::numeric as median
from per_child
group by indicator_id, level, unit_code, breakdown, category, period_kind, period_start
union all
select
    indicator_id, level, unit_code, breakdown, category, period_kind, period_start,
    sum(numerator), count(*), percentile_cont(0.5) within group (order by numerator)::numeric
from spread
where aggregation = 'median'
group by indicator_id, level, unit_code, breakdown, category, period_kind, period_start
