{#- The child of a row. Some deployments of the dataset have none there: then that of the row that it belongs to. -#}
{% macro child_of(column, parent, key, link) -%}
    coalesce(
        {{ column }},
        (select min(parent.child_key) from {{ ref(parent) }} as parent where parent.{{ key }} = {{ link }})
    )
{%- endmacro %}
