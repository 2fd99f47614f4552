{#- The rows of a feed that are in force: held by the latest accepted delivery, not yet replaced. -#}
{% macro in_force() -%}
    closed_by is null and council = '{{ var("council") }}'
{%- endmacro %}

{#- Where a row came from: kept by every staging model, so that a figure opens into file and row. -#}
{% macro origin(feed) -%}
    '{{ feed }}'::text as feed,
    delivery_id,
    row_no
{%- endmacro %}
