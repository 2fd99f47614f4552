-- Clocks T10_initial, T10_review_under_5 and T10_review_5_plus (Care Planning Regulations 2010, reg 7): the first
-- assessment in time for the first review, then every six months before the fifth birthday and every twelve from
-- it. A child who would be under five at six months is due at six months. What was due before the first assessment on
-- record says nothing: they were not delivered then.
with first_record as (
    select min(checked_on) as first_on
    from {{ ref('int_cla_health_check') }}
    where check_type = 'Health Assessment'
),

assessment as (
    select
        period.period_of_care_id,
        period.child_key,
        health.checked_on,
        lead(health.checked_on) over (partition by period.period_of_care_id order by health.checked_on) as next_on
    from {{ ref('int_cla_period') }} as period
    inner join {{ ref('int_cla_health_check') }} as health
        on
            period.child_key = health.child_key
            and health.check_type = 'Health Assessment'
            and health.checked_on >= period.started_on
            and (period.ended_on is null or health.checked_on <= period.ended_on)
),

first_assessment as (
    select period_of_care_id, min(checked_on) as checked_on
    from assessment
    group by 1
),

link as (
    select
        'T10_initial' as clock_id,
        period.period_of_care_id,
        period.started_on as start_on,
        period.limit_on as due_on,
        first_assessment.checked_on as done_on
    from {{ ref('int_cla_period') }} as period
    left join first_assessment using (period_of_care_id)
    union all
    select
        case when later.is_under_5 then 'T10_review_under_5' else 'T10_review_5_plus' end,
        assessment.period_of_care_id,
        assessment.checked_on,
        {{ add_months('assessment.checked_on', 'case when later.is_under_5 then 6 else 12 end') }},
        assessment.next_on
    from assessment
    left join {{ ref('int_person') }} as person using (child_key)
    cross join lateral (
        select {{ add_months('person.birth_on', 60) }} > {{ add_months('assessment.checked_on', 6) }} as is_under_5
    ) as later
)

select
    link.clock_id,
    link.period_of_care_id as case_id,
    period.child_key,
    allocation.worker_code,
    allocation.team_code,
    link.start_on,
    link.due_on,
    link.done_on,
    period.ended_on,
    'The child left care before the assessment was due.' as reason,
    period.feed,
    period.delivery_id,
    period.row_no
from link
inner join {{ ref('int_cla_period') }} as period using (period_of_care_id)
inner join first_record
    on {{ is_on_record('link.due_on', 'link.done_on', 'period.ended_on', 'first_record.first_on') }}
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'period.child_key', duty_day('link.done_on', 'period.ended_on')) }}
where
    not period.is_short_break
    and {{ is_listed('link.due_on', 'link.done_on', 'period.ended_on') }}
