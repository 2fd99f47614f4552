{#- Early help, the front door, need and protection.
    Every model that contributes observations: one line each. -#}
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
    'int_legal_limit__observations',
    'int_private_fostering__observations',
    'int_pre_proceedings__observations',
] %}
{{ config(indexes=[{'columns': ['indicator_no', 'observed_on', 'case_id'], 'unique': true}]) }}
{{ observations(contributors) }}
