{#- Every model of a run lies in `<run's schema>_<layer>` until the run is swapped in as `<layer>`. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema }}_{{ custom_schema_name | default('staging', true) }}
{%- endmacro %}
