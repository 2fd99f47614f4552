{#- The workforce, audits, the voices of children and families, supervision.
    Every model that contributes observations: one line each. -#}
{% set contributors = [
    'int_social_worker__observations',
    'int_worker_spell__observations',
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
    'int_csww__observations',
    'int_post__observations',
    'int_caseload__observations',
    'int_worker__observations',
    'int_audit__observations',
    'int_audit_action__observations',
    'int_expectation__observations',
    'int_escalation__observations',
    'int_feedback__observations',
] %}
{{ config(indexes=[{'columns': ['indicator_no', 'observed_on', 'case_id'], 'unique': true}]) }}
{{ observations(contributors) }}
