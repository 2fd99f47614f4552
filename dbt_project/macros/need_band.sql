{#- Band of an episode of need's length, a to e: under 3 months, 3 to 6, 6 to 12, 1 to 2 years, 2 years or more
    (bands of the local authority interactive tool, measures 265 and 266). -#}
{% macro need_band(referred_on, day) -%}
    case
        when {{ day }} < {{ add_months(referred_on, 3) }} then 'a'
        when {{ day }} < {{ add_months(referred_on, 6) }} then 'b'
        when {{ day }} < {{ add_months(referred_on, 12) }} then 'c'
        when {{ day }} < {{ add_months(referred_on, 24) }} then 'd'
        when {{ day }} is not null then 'e'
    end
{%- endmacro %}
