{#- Rows with another value than those listed, by column. An empty value is never_empty's to find. -#}
{% test codes(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
where {% for column, values in columns.items() -%}
    {{ column }}::text not in ('{{ values | join("', '") }}'){{ ' or ' if not loop.last }}
{%- endfor %}
{% endtest %}
