{#- Leaving care, adoption, short breaks, children missing, health and education.
    Every model that contributes observations: one line each. -#}
{% set contributors = [
    'int_short_break__observations',
    'int_cp_plan_and_care__observations',
    'int_missing__observations',
    'int_missing_year__observations',
    'int_care_leaver__observations',
    'int_adoption__observations',
    'int_adoption_open__observations',
    'int_ehc_plan__observations',
    'int_oc2__observations',
    'int_adopter_family__observations',
] %}
{{ config(indexes=[{'columns': ['indicator_no', 'observed_on', 'case_id'], 'unique': true}]) }}
{{ observations(contributors) }}
