-- The first health assessment of children who did not leave care before the twentieth working day, by the day they came
-- into care.
with first_assessment as (
    select
        period.period_of_care_id,
        min(health.checked_on) as assessed_on
    from {{ ref('int_cla_period') }} as period
    inner join {{ ref('int_cla_health_check') }} as health
        on
            period.child_key = health.child_key
            and health.check_type = 'Health Assessment'
            and health.checked_on >= period.started_on
    group by 1
)

select
    'HLT-01' as indicator_id,
    period.period_of_care_id as case_id,
    period.child_key,
    allocation.worker_code,
    allocation.team_code,
    period.started_on as observed_on,
    coalesce(first_assessment.assessed_on <= period.limit_on, false)::int as numerator,
    1 as denominator,
    null as detail,
    period.feed,
    period.delivery_id,
    period.row_no
from {{ ref('int_cla_period') }} as period
left join first_assessment using (period_of_care_id)
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'period.child_key', 'period.started_on') }}
where
    period.is_start
    and not period.is_short_break
    and period.limit_on < {{ as_at() }}
    and (period.ended_on is null or period.ended_on >= period.day_20_on)
