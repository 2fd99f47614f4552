-- Health of each looked-after child as it stands on a snapshot day: last completed assessment, assessments of
-- 12 months, last dental check, score of the latest strengths and difficulties questionnaire of 12 months.
with cohort as (
    select
        snapshot_on,
        child_key,
        {{ add_months('snapshot_on', -12) }} as year_ago_on
    from {{ ref('int_cla__cohort') }}
),

assessment as (
    select * from {{ ref('int_cla_health_check') }} where check_type = 'Health Assessment'
),

dental as (
    select * from {{ ref('int_cla_health_check') }} where check_type = 'Dental Check'
)

select
    cohort.snapshot_on,
    cohort.child_key,
    assessment.checked_on as assessed_on,
    coalesce(assessment.checks_so_far, 0) - coalesce(before.checks_so_far, 0) as assessments,
    dental.checked_on as dental_checked_on,
    sdq.score as sdq_score
from cohort
left join assessment
    on
        cohort.child_key = assessment.child_key
        and assessment.checked_on <= cohort.snapshot_on
        and (assessment.next_checked_on is null or assessment.next_checked_on > cohort.snapshot_on)
left join assessment as before
    on
        cohort.child_key = before.child_key
        and before.checked_on <= cohort.year_ago_on
        and (before.next_checked_on is null or before.next_checked_on > cohort.year_ago_on)
left join dental
    on
        cohort.child_key = dental.child_key
        and dental.checked_on <= cohort.snapshot_on
        and (dental.next_checked_on is null or dental.next_checked_on > cohort.snapshot_on)
left join {{ ref('int_cla_sdq') }} as sdq
    on
        cohort.child_key = sdq.child_key
        and sdq.completed_on <= cohort.snapshot_on
        and (sdq.next_completed_on is null or sdq.next_completed_on > cohort.snapshot_on)
        and sdq.completed_on > cohort.year_ago_on
