-- Children with an education, health and care plan open on each snapshot day: of those looked after for 12 months, and
-- of those in need, aged 5 to 15.
with cohort as (
    select
        'EDU-08b' as indicator_id,
        period_of_care_id as case_id,
        child_key,
        worker_code,
        team_code,
        snapshot_on,
        age,
        feed,
        delivery_id,
        row_no
    from {{ ref('int_cla__snapshot') }}
    where {{ add_months('period_started_on', 12) }} <= snapshot_on
    union all
    select
        'EDU-19',
        cin.referral_id,
        cin.child_key,
        cin.worker_code,
        cin.team_code,
        cin.snapshot_on,
        {{ age_years('person.birth_on', 'cin.snapshot_on') }},
        cin.feed,
        cin.delivery_id,
        cin.row_no
    from {{ ref('int_cin__snapshot') }} as cin
    inner join {{ ref('int_person') }} as person using (child_key)
    where person.birth_on <= cin.snapshot_on
),

of_school_age as (
    select *
    from cohort
    where age between 5 and 15
),

-- Joined by child once: looked up for each child and day, the plans would be read thousands of times.
planned as (
    select distinct
        cohort.child_key,
        cohort.snapshot_on
    from of_school_age as cohort
    inner join {{ ref('int_ehc_plan') }} as plan using (child_key)
    where {{ open_at('plan.started_on', 'plan.ended_on', 'cohort.snapshot_on') }}
)

select
    cohort.indicator_id,
    cohort.case_id,
    cohort.child_key,
    cohort.worker_code,
    cohort.team_code,
    cohort.snapshot_on as observed_on,
    (planned.child_key is not null)::int as numerator,
    1 as denominator,
    null as detail,
    cohort.feed,
    cohort.delivery_id,
    cohort.row_no
from of_school_age as cohort
left join planned on cohort.child_key = planned.child_key and cohort.snapshot_on = planned.snapshot_on
