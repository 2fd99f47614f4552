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

spread as (
    select
        observation.indicator_id, observation.aggregation,
        unit.level, unit.unit_code, cut.breakdown, cut.category, period.period_kind, period.period_start,
        observation.child_key, observation.numerator, observation.denominator
    from observation
    inner join {{ ref('int_period') }} as period
        on observation.observed_on between period.period_start and period.period_end
    cross join lateral (
        values
        ('council', observation.council),
        ('service', observation.service_code),
        ('team', observation.team_code),
        ('worker', nullif(observation.worker_code, 'unallocated'))
    ) as unit (level, unit_code)
    cross join lateral (
        values
        ('all', 'all'),
        ('age_band', observation.age_band),
        ('sex', observation.sex),
        ('ethnicity', observation.ethnicity),
        ('disability', observation.disability),
        ('uasc', observation.uasc),
        ('detail', observation.detail)
    ) as cut (breakdown, category)
    where
        unit.unit_code is not null
        and cut.category is not null
        and (
            cut.breakdown = 'all'
            or (observation.aggregation = 'distinct' and period.period_kind <> 'week' and unit.level <> 'worker')
        )
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
