{{ config(indexes=[{'columns': ['level', 'unit_code', 'period_kind', 'period_start']}]) }}
-- Steps by the period in which they began. Shares and medians rest on the matured alone: those whose window has not
-- passed stand beside them.
with unit as (
    select
        journey.step_id,
        journey.from_stage,
        journey.to_stage,
        journey.from_on,
        journey.outcome,
        journey.is_matured,
        journey.days_between,
        place.level,
        place.unit_code
    from {{ ref('fct_journey') }} as journey
    cross join lateral (
        values
        ('council', journey.council),
        ('service', journey.service_code),
        ('team', journey.team_code)
    ) as place (level, unit_code)
),

counted as (
    select
        unit.level,
        unit.unit_code,
        unit.step_id,
        unit.from_stage,
        unit.to_stage,
        period.period_kind,
        period.period_start,
        period.period_end,
        count(*) as started,
        count(*) filter (where unit.outcome = 'converted') as converted,
        count(*) filter (where unit.outcome = 'late') as late,
        count(*) filter (where unit.outcome = 'not_converted') as not_converted,
        count(*) filter (where unit.outcome = 'pending') as pending,
        count(*) filter (where unit.is_matured) as matured,
        count(*) filter (where unit.is_matured and unit.outcome = 'converted') as matured_converted,
        percentile_cont(0.5) within group (order by unit.days_between)
            filter (where unit.is_matured and unit.outcome = 'converted') as median_days
    from unit
    inner join {{ ref('int_period') }} as period
        on
            period.period_kind in ('month', 'quarter', 'year')
            and unit.from_on between period.period_start and period.period_end
    group by 1, 2, 3, 4, 5, 6, 7, 8
)

select
    '{{ var("council") }}'::text as council,
    level::text as level,
    unit_code::text as unit_code,
    step_id::text as step_id,
    from_stage::text as from_stage,
    to_stage::text as to_stage,
    period_kind::text as period_kind,
    period_start::date as period_start,
    period_end::date as period_end,
    {{ as_at() }} as as_at,
    started::int as started,
    converted::int as converted,
    late::int as late,
    not_converted::int as not_converted,
    pending::int as pending,
    matured::int as matured,
    matured_converted::int as matured_converted,
    (100.0 * matured_converted / nullif(matured, 0))::numeric(20, 6) as percent_converted,
    {{ wilson_limit('matured_converted::float8', 'matured::float8', -1) }}::numeric(20, 6) as percent_lower,
    {{ wilson_limit('matured_converted::float8', 'matured::float8', 1) }}::numeric(20, 6) as percent_upper,
    median_days::numeric(20, 6) as median_days,
    (pending = 0)::boolean as is_matured
from counted
