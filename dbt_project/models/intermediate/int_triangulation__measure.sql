-- Four measures of a unit and quarter, each with the cases that it rests on: audits graded good or better (AUD-02),
-- feedback that was positive (FB-02), duties done in time, and children for each full-time equivalent (WF-08).
with day as (
    select
        team_code,
        coalesce(done_on, ended_on) as closed_on,
        count(*) filter (where state = 'met') as in_time,
        count(*) as closed
    from {{ ref('fct_duty') }}
    where state in ('met', 'late')
    group by 1, 2
),

-- Added up by team and day first: few rows are left to spread over levels and quarters.
duty as (
    select
        place.level,
        place.unit_code,
        period.period_start,
        sum(day.in_time) as in_time,
        sum(day.closed) as closed
    from day
    inner join {{ ref('int_team') }} as team using (team_code)
    inner join {{ ref('int_period') }} as period
        on period.period_kind = 'quarter' and day.closed_on between period.period_start and period.period_end
    cross join lateral (
        values ('council', '{{ var("council") }}'), ('service', team.service_code), ('team', team.team_code)
    ) as place (level, unit_code)
    group by 1, 2, 3
)

select
    level,
    unit_code,
    period_start,
    case indicator_id when 'AUD-02' then 'audit' when 'FB-02' then 'feedback' else 'workload' end as measure,
    numerator::numeric(20, 6) as numerator,
    denominator::numeric(20, 6) as denominator,
    value::numeric(20, 6) as value
from {{ ref('fct_indicator_value') }}
where
    indicator_id in ('AUD-02', 'FB-02', 'WF-08')
    and breakdown = 'all'
    and period_kind = 'quarter'
    and level in ('council', 'service', 'team')
    and denominator > 0
union all
select
    level,
    unit_code,
    period_start,
    'performance',
    in_time::numeric(20, 6),
    closed::numeric(20, 6),
    (100.0 * in_time / closed)::numeric(20, 6)
from duty
