{#- Limits of 95% confidence, as in `sightline/intervals.py` and the public health technical guidance. `side` is -1 for
    the lower limit and 1 for the upper. 1.959963984540054 is the 97.5th percentile of the normal distribution. Counts
    are given as float8. -#}

{#- Indicators of amounts (full-time equivalents, working days): their ratios are no shares of cases that each could
    have gone either way, and their sums count no events, so that neither interval is theirs. -#}
{% macro indicators_of_amounts() -%}
    (
        'WF-01', 'WF-02', 'WF-03', 'WF-04', 'WF-05', 'WF-06', 'WF-07', 'WF-10', 'WF-11', 'WF-12', 'WF-13', 'WF-14'
    )
{%- endmacro %}

{#- Wilson's score limit of n out of m, in per cent; nothing where m is nought. -#}
{% macro wilson_limit(numerator, denominator, side) -%}
    {%- set z = '1.959963984540054::float8' -%}
    (
        100 * (
            2 * {{ numerator }} + {{ z }} ^ 2 + {{ side }} * {{ z }} * sqrt(greatest(
                {{ z }} ^ 2 + 4 * {{ numerator }} * (1 - {{ numerator }} / nullif({{ denominator }}, 0)), 0
            ))
        ) / (2 * (nullif({{ denominator }}, 0) + {{ z }} ^ 2))
    )
{%- endmacro %}

{#- Byar's limit of a count; the lower limit of nought is nought. -#}
{% macro byar_limit(events, side) -%}
    {%- set z = '1.959963984540054::float8' -%}
    {%- set base = events if side < 0 else '(' ~ events ~ ' + 1)' -%}
    (
        case
            when {{ base }} <= 0 then 0
            else {{ base }} * (1 - 1 / (9 * {{ base }}) + {{ side }} * {{ z }} / (3 * sqrt({{ base }}))) ^ 3
        end
    )
{%- endmacro %}
