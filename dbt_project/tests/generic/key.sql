{#- Rows whose key is empty or repeated, in one scan: of one column, or of several at the model. -#}
{% test key(model, column_name=none, columns=none) %}
{%- set key = columns or [column_name] %}
select {{ key | join(', ') }}
from {{ model }}
group by {{ key | join(', ') }}
having count(*) > 1{% for column in key %} or {{ column }} is null{% endfor %}
{% endtest %}
