{#- Join condition: the span of `int_allocation` in which a child's case is held on a day. -#}
{% macro held_on(allocation, child_key, day) -%}
    {{ allocation }}.child_key = {{ child_key }}
    and {{ allocation }}.from_on <= {{ day }}
    and ({{ allocation }}.to_on is null or {{ allocation }}.to_on > {{ day }})
{%- endmacro %}
