{#- The as-at date: figures are as known at its end. A run takes it from its environment, because for a changed
    variable dbt reads the whole project anew. -#}
{% macro as_at() -%}
    date '{{ var("as_at", dbt_metadata_envs.get("SIGHTLINE_AS_AT")) }}'
{%- endmacro %}

{#- A date, or nothing where it lies after the as-at date: what had not happened yet is not known. -#}
{% macro known(column) -%}
    case when {{ column }}::date <= {{ as_at() }} then {{ column }}::date end
{%- endmacro %}

{#- Working days in (start, end]: day 0 is the start (CIN census guide 2023-24, 4.1, 4.9, 4.12). -#}
{% macro working_days(start_on, end_on) -%}
    (
        (select c.cum_wd from {{ ref('calendar') }} as c where c.calendar_on = {{ end_on }})
        - (select c.cum_wd from {{ ref('calendar') }} as c where c.calendar_on = {{ start_on }})
    )
{%- endmacro %}

{#- The last day on which a limit of n working days from a start is met. -#}
{% macro add_working_days(start_on, n) -%}
    (
        select max(c.calendar_on)
        from {{ ref('calendar') }} as c
        where c.cum_wd = (
            select s.cum_wd from {{ ref('calendar') }} as s where s.calendar_on = {{ start_on }}
        ) + {{ n }}
    )
{%- endmacro %}

{#- A date moved by whole months, clipped at the month's end (30 November + 3 months = 28 February). -#}
{% macro add_months(start_on, n) -%}
    ({{ start_on }} + make_interval(months => {{ n }}))::date
{%- endmacro %}

{#- Whether something from start to end (blank: still open) was open at the end of a day. One comparison with each end,
    without `or`, so that an index finds the days of a record between the two. -#}
{% macro open_at(start_on, end_on, day) -%}
    ({{ start_on }} <= {{ day }} and {{ day }} < coalesce({{ end_on }}, 'infinity'))
{%- endmacro %}

{#- Whether a visit counts for a child: seen, or not yet born, as two weeks past the expected day at the latest where no
    birth is recorded (our rule): an unborn child cannot be seen. -#}
{% macro is_visit_of_child(seen_flag, person, visited_on) -%}
    (
        {{ seen_flag }} = 'Y'
        or coalesce({{ person }}.birth_on, {{ person }}.expected_birth_on + 14) > {{ visited_on }}
    )
{%- endmacro %}

{#- Completed years of age; a birthday on 29 February falls on 1 March in other years. -#}
{% macro age_years(birth_on, day) -%}
    extract(year from age({{ day }}, {{ birth_on }}))::int
{%- endmacro %}

{#- What the count of a flow is multiplied by to be a year's: 365 over the days known of its period, the last of them
    `last_on`; a whole year, of 366 days too, stands for itself, and so does a stock (docs/decisions.md). -#}
{% macro years_worth(timing, period_kind, period_start, period_end, last_on) -%}
    case
        when {{ timing }} = 'snapshot' then 1
        when {{ period_kind }} in ('year', 'rolling_year') and {{ last_on }} = {{ period_end }} then 1
        else 365.0 / ({{ last_on }} - {{ period_start }} + 1)
    end
{%- endmacro %}
