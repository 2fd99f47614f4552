{#- The rows of the council's own framework. -#}
{% macro of_council() -%}
    council = '{{ var("council") }}'
{%- endmacro %}

{#- The last day of a limit that the framework gives as number and unit. `working_day_limit` is an alias of
    `join_working_day_limit` from the same start. Months clip at the month's end; cycle months run to the end of a
    calendar month, that of the start being month 1. -#}
{% macro limit_end(start_on, due_in, unit, working_day_limit) -%}
    (case {{ unit }}
        when 'days' then {{ start_on }} + {{ due_in }}
        when 'working_days' then {{ working_day_limit }}.last_on
        when 'months' then {{ add_months(start_on, due_in) }}
        when 'cycle_months' then {{ add_months("date_trunc('month', " ~ start_on ~ "::timestamp)", due_in) }} - 1
    end)
{%- endmacro %}

{#- What became of something owed: done in time (met) or late, or still owed: due, or overdue. Without a due date
    nothing is late. -#}
{% macro limit_state(due_on, done_on) -%}
    case
        when {{ done_on }} > {{ due_on }} then 'late'
        when {{ done_on }} is not null then 'met'
        when {{ due_on }} < {{ as_at() }} then 'overdue'
        else 'due'
    end
{%- endmacro %}

{#- Days by which it was done late or is overdue; nothing where it is neither. -#}
{% macro days_late(due_on, done_on) -%}
    nullif(greatest(coalesce({{ done_on }}, {{ as_at() }}) - {{ due_on }}, 0), 0)
{%- endmacro %}

{#- Worker, team and service that a record names itself; a team that the council does not have is none. -#}
{% macro own_place(record, team='team') -%}
    case when {{ team }}.team_code is null then 'unallocated' else coalesce({{ record }}.worker_code, 'unallocated') end
        as worker_code,
    coalesce({{ team }}.team_code, 'unallocated') as team_code,
    coalesce({{ team }}.service_code, 'unallocated') as service_code
{%- endmacro %}
