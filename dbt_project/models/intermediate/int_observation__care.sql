{#- Children looked after.
    Every model that contributes observations: one line each. -#}
{% set contributors = [
    'int_cla__observations',
    'int_cla_plan__observations',
    'int_cla_placed__observations',
    'int_cla_placement_change__observations',
    'int_cla_placement_start__observations',
    'int_cla_distance__observations',
    'int_cla_start__observations',
    'int_cla_episode__observations',
    'int_cla_period__observations',
    'int_cla_review__observations',
    'int_cla_year__observations',
    'int_cla_education_plan__observations',
] %}
{{ config(indexes=[{'columns': ['indicator_no', 'observed_on', 'case_id'], 'unique': true}]) }}
{{ observations(contributors) }}
