{#- Age band on a day. A child without a date of birth, or born later, is unborn. -#}
{% macro age_band(birth_on, day) -%}
    case
        when {{ birth_on }} is null or {{ birth_on }} > {{ day }} then 'unborn'
        when {{ birth_on }} > {{ day }} - interval '1 year' then '0'
        when {{ birth_on }} > {{ day }} - interval '5 years' then '1-4'
        when {{ birth_on }} > {{ day }} - interval '10 years' then '5-9'
        when {{ birth_on }} > {{ day }} - interval '16 years' then '10-15'
        when {{ birth_on }} > {{ day }} - interval '18 years' then '16-17'
        else '18+'
    end
{%- endmacro %}
