{{ config(indexes=[{'columns': ['level', 'unit_code', 'period_kind', 'period_start']}]) }}
-- Steps by the period in which they began. Shares and medians rest on the matured alone: those whose window has not
-- passed stand beside them.
with journey as (
    select
        journey.step_id,
        journey.from_stage,
        journey.to_stage,
        journey.team_code,
        journey.outcome,
        journey.is_matured,
        case when journey.is_matured and journey.outcome = 'converted' then journey.days_between end as days_between,
        day.month_no
    from {{ ref('fct_journey') }} as journey
    inner join {{ ref('int_grid__day') }} as day on journey.from_on = day.observed_on
),

-- Added up by team and month first: few rows are left to spread over levels and periods.
summed as (
    select
        step_id,
        from_stage,
        to_stage,
        team_code,
        month_no,
        count(*) as started,
        count(*) filter (where outcome = 'converted') as converted,
        count(*) filter (where outcome = 'late') as late,
        count(*) filter (where outcome = 'not_converted') as not_converted,
        count(*) filter (where outcome = 'pending') as pending,
        count(*) filter (where is_matured) as matured,
        count(*) filter (where is_matured and outcome = 'converted') as matured_converted
    from journey
    group by 1, 2, 3, 4, 5
),

period as (
    select bucket.bucket_no, bucket.period_kind, bucket.period_start, bucket.period_end, month.month_no
    from {{ ref('int_grid__month') }} as month
    inner join {{ ref('int_grid__bucket') }} as bucket using (bucket_no)
    where bucket.period_kind in ('month', 'quarter', 'year')
),

-- Teams, services and the council come of one sort, `rollup`, rather than of three rows for each journey.
counted as (
    select
        {{ rolled_up_place() }},
        summed.step_id,
        summed.from_stage,
        summed.to_stage,
        period.bucket_no,
        period.period_kind,
        period.period_start,
        period.period_end,
        sum(summed.started) as started,
        sum(summed.converted) as converted,
        sum(summed.late) as late,
        sum(summed.not_converted) as not_converted,
        sum(summed.pending) as pending,
        sum(summed.matured) as matured,
        sum(summed.matured_converted) as matured_converted
    from summed
    inner join {{ ref('int_team') }} as team using (team_code)
    inner join period using (month_no)
    group by
        period.bucket_no, period.period_kind, period.period_start, period.period_end,
        summed.step_id, summed.from_stage, summed.to_stage, rollup (team.service_code, team.team_code)
),

middle as (
    select
        {{ rolled_up_place() }},
        journey.step_id,
        period.bucket_no,
        percentile_cont(0.5) within group (order by journey.days_between) as median_days
    from journey
    inner join {{ ref('int_team') }} as team using (team_code)
    inner join period using (month_no)
    where journey.days_between is not null
    group by period.bucket_no, journey.step_id, rollup (team.service_code, team.team_code)
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
left join middle using (level, unit_code, step_id, bucket_no)
