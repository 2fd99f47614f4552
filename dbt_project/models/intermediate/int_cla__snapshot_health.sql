-- Health of each looked-after child on a snapshot day. The year of OC2 begins on the day after that of twelve months
-- before: who came into care on its first day has been in care for all of it. Up to date: the last completed
-- assessment is no older than six months under five, twelve from five (Care Planning Regulations 2010, reg 7). Yearly:
-- one in the 12 months to the day, two under five (SSDA903, OC2). Immunisations have no history: they are known at the
-- as-at date alone.
with checks as (
    select
        cohort.snapshot_on,
        cohort.child_key,
        cohort.year_ago_on,
        cohort.period_started_on,
        cohort.age,
        cohort.age_at_start,
        (cohort.period_started_on <= cohort.year_ago_on + 1) as is_in_care_a_year,
        case when cohort.age < 5 then 6 else 12 end as months_allowed,
        case when cohort.age < 5 then 2 else 1 end as assessments_owed,
        assessment.checked_on as assessed_on,
        coalesce(assessment.checks_so_far, 0) - coalesce(before.checks_so_far, 0) as assessments,
        dental.checked_on as dental_checked_on,
        immunisation.is_up_to_date_flag,
        case when sdq.completed_on > cohort.year_ago_on then sdq.score end as sdq_score
    from {{ ref('int_cla__cohort') }} as cohort
    left join {{ ref('int_cla_health_check') }} as assessment
        on
            cohort.child_key = assessment.child_key
            and assessment.check_type = 'Health Assessment'
            and {{ open_at('assessment.checked_on', 'assessment.next_checked_on', 'cohort.snapshot_on') }}
    left join {{ ref('int_cla_health_check') }} as before
        on
            cohort.child_key = before.child_key
            and before.check_type = 'Health Assessment'
            and {{ open_at('before.checked_on', 'before.next_checked_on', 'cohort.year_ago_on') }}
    left join {{ ref('int_cla_health_check') }} as dental
        on
            cohort.child_key = dental.child_key
            and dental.check_type = 'Dental Check'
            and {{ open_at('dental.checked_on', 'dental.next_checked_on', 'cohort.snapshot_on') }}
    left join {{ ref('int_cla_sdq') }} as sdq
        on
            cohort.child_key = sdq.child_key
            and {{ open_at('sdq.completed_on', 'sdq.next_completed_on', 'cohort.snapshot_on') }}
    left join {{ ref('stg_ssd_cla_immunisations') }} as immunisation
        on
            cohort.child_key = immunisation.child_key
            and (immunisation.recorded_on is null or immunisation.recorded_on <= {{ as_at() }})
)

select
    snapshot_on,
    child_key,
    assessed_on,
    assessments,
    dental_checked_on,
    case
        when {{ add_months('period_started_on', 'months_allowed') }} <= snapshot_on
            then coalesce({{ add_months('assessed_on', 'months_allowed') }} >= snapshot_on, false)
    end as is_assessment_up_to_date,
    case when is_in_care_a_year then assessments >= assessments_owed end as is_assessed_yearly,
    case when is_in_care_a_year then coalesce(dental_checked_on > year_ago_on, false) end as is_dental_checked,
    case
        when is_in_care_a_year and snapshot_on = {{ as_at() }} then coalesce(is_up_to_date_flag = 'Y', false)
    end as is_immunised,
    case when is_in_care_a_year and age_at_start >= 4 and age < 17 then sdq_score end as sdq_score
from checks
