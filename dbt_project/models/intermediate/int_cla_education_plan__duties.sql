-- Clock T11_first: the first personal education plan in time for the first review (guidance on the designated teacher,
-- 2018), owed to children of 3 to 17 as in PEP-01. What was due before the first plan on record says nothing.
with first_record as (
    select min(completed_on) as first_on
    from {{ ref('stg_personal_education_plan') }}
),

first_plan as (
    select
        period.period_of_care_id,
        min(plan.completed_on) as completed_on
    from {{ ref('int_cla_period') }} as period
    inner join {{ ref('stg_personal_education_plan') }} as plan
        on
            period.child_key = plan.child_key
            and plan.kind = 'initial'
            and plan.completed_on >= period.started_on
            and plan.completed_on <= coalesce(period.ended_on, {{ as_at() }})
    group by period.period_of_care_id
)

select
    'T11_first' as clock_id,
    period.period_of_care_id as case_id,
    period.child_key,
    allocation.worker_code,
    allocation.team_code,
    period.started_on as start_on,
    period.limit_on as due_on,
    first_plan.completed_on as done_on,
    period.ended_on,
    'The child left care before the plan was due.' as reason,
    period.feed,
    period.delivery_id,
    period.row_no
from {{ ref('int_cla_period') }} as period
inner join {{ ref('int_person') }} as person
    on
        period.child_key = person.child_key
        and {{ age_years('person.birth_on', 'period.started_on') }} between 3 and 17
left join first_plan on period.period_of_care_id = first_plan.period_of_care_id
inner join first_record
    on {{ is_on_record('period.limit_on', 'first_plan.completed_on', 'period.ended_on', 'first_record.first_on') }}
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'period.child_key', duty_day('first_plan.completed_on', 'period.ended_on')) }}
where period.is_start and not period.is_short_break
