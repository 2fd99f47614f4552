{#- Every model that contributes observations: one line each. -#}
{% set contributors = [
    'int_contact__observations',
    'int_early_help__observations',
    'int_early_help_half_year__observations',
    'int_referral__observations',
    'int_assessment__observations',
    'int_assessment_factor__observations',
    'int_s47__observations',
    'int_s47_ended__observations',
    'int_conference__observations',
    'int_cin__observations',
    'int_cin_status__observations',
    'int_cin_plan__observations',
    'int_cp_plan__observations',
    'int_cp_plan_open__observations',
    'int_cp_plan_core_group__observations',
    'int_cp_plan_emergency__observations',
    'int_cp_review__observations',
    'int_cla__observations',
    'int_cla_plan__observations',
    'int_cla_placed__observations',
    'int_cla_placement_change__observations',
    'int_cla_start__observations',
    'int_short_break__observations',
    'int_legal_limit__observations',
    'int_cla_episode__observations',
    'int_cla_period__observations',
    'int_cla_review__observations',
    'int_cp_plan_and_care__observations',
    'int_missing__observations',
    'int_missing_year__observations',
    'int_care_leaver__observations',
    'int_adoption__observations',
    'int_adoption_open__observations',
    'int_cla_year__observations',
    'int_cla_education_plan__observations',
    'int_private_fostering__observations',
    'int_pre_proceedings__observations',
    'int_social_worker__observations',
    'int_worker_spell__observations',
    'int_ehc_plan__observations',
    'int_supervision__observations',
    'int_supervision_audit__observations',
    'int_practice_observation__observations',
    'int_case_holder__observations',
    'int_practice_day__observations',
    'int_meeting_4r__observations',
    'int_moderation__observations',
    'int_chair_report__observations',
    'int_dip_sample__observations',
    'int_thematic_commission__observations',
    'int_staff_survey__observations',
    'int_focus_group__observations',
    'int_advocacy__observations',
    'int_oc2__observations',
    'int_csww__observations',
    'int_adopter_family__observations',
    'int_post__observations',
    'int_caseload__observations',
    'int_worker__observations',
    'int_audit__observations',
    'int_audit_action__observations',
    'int_expectation__observations',
    'int_escalation__observations',
    'int_feedback__observations',
] %}
{{ config(indexes=[
    {'columns': ['council', 'indicator_id', 'case_id', 'observed_on'], 'unique': true},
]) }}
with gathered as (
    {% for contributor in contributors %}
    select
        indicator_id, case_id, child_key, worker_code, team_code, observed_on,
        numerator::numeric as numerator, denominator::numeric as denominator, detail, feed, delivery_id, row_no
    from {{ ref(contributor) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

horizon as (
    select min(period_start) as first_on
    from {{ ref('int_period') }}
    where period_kind = 'month'
),

placed as (
    select
        gathered.*,
        coalesce(team.team_code, 'unallocated') as placed_team_code,
        coalesce(team.service_code, 'unallocated') as service_code
    from gathered
    left join {{ ref('int_team') }} as team using (team_code)
    where
        gathered.observed_on >= (select first_on from horizon)
        and gathered.observed_on <= {{ as_at() }}
)

select
    '{{ var("council") }}'::text as council,
    placed.indicator_id::text as indicator_id,
    placed.case_id::text as case_id,
    placed.child_key::text as child_key,
    case
        when placed.placed_team_code = 'unallocated' then 'unallocated'
        else coalesce(placed.worker_code, 'unallocated')
    end::text as worker_code,
    placed.placed_team_code::text as team_code,
    placed.service_code::text as service_code,
    placed.observed_on::date as observed_on,
    placed.numerator,
    placed.denominator,
    case when placed.child_key is not null then {{ age_band('person.birth_on', 'placed.observed_on') }} end
        as age_band,
    person.sex::text as sex,
    person.ethnicity::text as ethnicity,
    person.disability::text as disability,
    case when person.is_uasc then 'yes' when not person.is_uasc then 'no' end::text as uasc,
    placed.detail::text as detail,
    placed.feed::text as feed,
    placed.delivery_id::bigint as delivery_id,
    placed.row_no::int as row_no
from placed
left join {{ ref('int_person') }} as person using (child_key)
