-- Personal education plans of looked-after children of 3 to 17 (school age is set locally). The first plan is owed in
-- time for the first review, within 20 working days of coming into care (guidance on the designated teacher, 2018), by
-- children who did not leave care before the twentieth (as HLT-01). Reviewed in the last term: a plan completed in the
-- last term that ended by the day, of children in care since before it began.
with plan as (
    select
        child_key,
        kind,
        {{ known('completed_on') }} as completed_on
    from {{ ref('stg_personal_education_plan') }}
),

-- Joined by child once: looked up for each child and day, the plans would be read thousands of times.
planned_in_time as (
    select distinct period.period_of_care_id
    from {{ ref('int_cla_period') }} as period
    inner join plan using (child_key)
    where plan.kind = 'initial' and plan.completed_on between period.started_on and period.limit_on
),

planned_in_term as (
    select distinct
        plan.child_key,
        term.snapshot_on
    from plan
    inner join {{ ref('int_school_term') }} as term
        on plan.completed_on between term.started_on and term.ended_on
),

first_plan as (
    select
        period.*,
        (planned_in_time.period_of_care_id is not null) as is_planned_in_time
    from {{ ref('int_cla_period') }} as period
    inner join {{ ref('int_person') }} as person using (child_key)
    left join planned_in_time using (period_of_care_id)
    where
        period.is_start
        and not period.is_short_break
        and period.limit_on < {{ as_at() }}
        and (period.ended_on is null or period.ended_on >= period.day_20_on)
        and {{ age_years('person.birth_on', 'period.started_on') }} between 3 and 17
)

select
    'PEP-01' as indicator_id,
    first_plan.period_of_care_id as case_id,
    first_plan.child_key,
    allocation.worker_code,
    allocation.team_code,
    first_plan.started_on as observed_on,
    first_plan.is_planned_in_time::int as numerator,
    1 as denominator,
    null as detail,
    first_plan.feed,
    first_plan.delivery_id,
    first_plan.row_no
from first_plan
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'first_plan.child_key', 'first_plan.started_on') }}
union all
select
    'PEP-02', cla.period_of_care_id, cla.child_key, cla.worker_code, cla.team_code, cla.snapshot_on,
    (planned_in_term.child_key is not null)::int,
    1, null, cla.feed, cla.delivery_id, cla.row_no
from {{ ref('int_cla__snapshot') }} as cla
inner join {{ ref('int_school_term') }} as term using (snapshot_on)
left join planned_in_term using (child_key, snapshot_on)
where cla.age between 3 and 17 and cla.period_started_on < term.started_on
