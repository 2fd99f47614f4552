{#- Joins: `<alias>.last_on` is the last day on which a limit of working days from a start is met, `<alias>.reached_on`
    the working day itself. Joins, because the scalar macro of `dates.sql` reads the calendar once a row. -#}
{% macro join_working_day_limit(alias, start_on, days) -%}
    left join {{ ref('calendar') }} as {{ alias }}_start on {{ alias }}_start.calendar_on = {{ start_on }}
    left join (
        select
            cum_wd,
            min(calendar_on) as reached_on,
            max(calendar_on) as last_on
        from {{ ref('calendar') }}
        group by cum_wd
    ) as {{ alias }} on {{ alias }}.cum_wd = {{ alias }}_start.cum_wd + {{ days }}
{%- endmacro %}

{#- A limit that the council sets, e.g. `cp_visit_days`; nothing where it sets none. -#}
{% macro council_clock(parameter) -%}
    (
        select clock.value
        from {{ source('framework', 'framework_clock') }} as clock
        where clock.council = '{{ var("council") }}' and clock.parameter = '{{ parameter }}'
    )
{%- endmacro %}

{#- The latest earlier date of the same child, not of the same day. -#}
{% macro earlier_date(child_key, day) -%}
    max({{ day }}) over (
        partition by {{ child_key }} order by {{ day }} groups between 1 preceding and 1 preceding
    )
{%- endmacro %}

{#- Whether an event follows another of the same child within 12 months, month ends clipped. -#}
{% macro is_within_12_months(earlier_on, day) -%}
    coalesce({{ earlier_on }} >= {{ add_months(day, -12) }}, false)
{%- endmacro %}

{#- The day on which a duty's worker and team are read: when it was done or fell away, else the as-at date. -#}
{% macro duty_day(done_on, ended_on='null') -%}
    coalesce({{ done_on }}, {{ ended_on }}, {{ as_at() }})
{%- endmacro %}

{#- Who answers for a duty: who holds the child's case that day, else who the record itself names. -#}
{% macro holder(allocation, record) -%}
    case when {{ allocation }}.child_key is null then {{ record }}.worker_code else {{ allocation }}.worker_code end
        as worker_code,
    case when {{ allocation }}.child_key is null then {{ record }}.team_code else {{ allocation }}.team_code end
        as team_code
{%- endmacro %}

{#- Whether a duty can be judged: one still owed can, if its feed holds anything; one of the past from the first record
    of the feed on. None can where the council sets no limit. -#}
{% macro is_on_record(due_on, done_on, ended_on, first_on) -%}
    (
        {{ due_on }} >= {{ first_on }}
        or (coalesce({{ done_on }}, {{ ended_on }}) is null and {{ due_on }} is not null and {{ first_on }} is not null)
    )
{%- endmacro %}
