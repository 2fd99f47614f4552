{#- The council's number among the units; services follow, teams begin at 10001. -#}
{% macro council_no() -%} 1 {%- endmacro %}

{#- The sums of every level by step, of the buckets that a condition names: council, service, team and worker without a
    breakdown (category 0); council, service and team in breakdowns. Each level is added up from the one below. The last
    of these common tables, `levels`, is the whole. -#}
{% macro levels(condition) -%}
    of_team as (
        select
            sums.indicator_no, sums.bucket_no as step_no, place.service_no, sums.team_no, 0 as category_no,
            sum(sums.numerator) as numerator, sum(sums.denominator) as denominator
        from {{ ref('int_value__worker') }} as sums
        inner join {{ ref('int_grid__place') }} as place using (team_no)
        where {{ condition }}
        group by 1, 2, 3, 4
        union all
        select
            sums.indicator_no, sums.bucket_no, place.service_no, sums.team_no,
            coalesce(sums.category_no, detail.category_no), sums.numerator, sums.denominator
        from {{ ref('int_value__cut') }} as sums
        inner join {{ ref('int_grid__place') }} as place using (team_no)
        left join {{ ref('int_value__category') }} as detail
            on detail.breakdown = 'detail' and sums.detail = detail.category
        where {{ condition }}
    ),

    of_service as (
        select
            indicator_no, step_no, service_no, category_no,
            sum(numerator) as numerator, sum(denominator) as denominator
        from of_team
        group by 1, 2, 3, 4
    ),

    levels as (
        select
            indicator_no, step_no, {{ council_no() }} as unit_no, category_no,
            sum(numerator) as numerator, sum(denominator) as denominator
        from of_service
        group by 1, 2, 4
        union all
        select indicator_no, step_no, service_no, category_no, numerator, denominator
        from of_service
        union all
        select indicator_no, step_no, team_no, category_no, numerator, denominator
        from of_team
        union all
        select sums.indicator_no, sums.bucket_no, worker.unit_no, 0, sum(sums.numerator), sum(sums.denominator)
        from {{ ref('int_value__worker') }} as sums
        inner join {{ ref('int_value__unit') }} as worker
            on worker.level = 'worker' and sums.worker_code = worker.unit_code
        where {{ condition }}
        group by 1, 2, 3
    )
{%- endmacro %}

{#- No event is a zero: a first step of nothing for every unit that has zeros, and every indicator that a condition
    names; for the council also in every category of children, where the indicator is of children (`of_children` selects
    those). What is made of counts has its zeros from them. -#}
{% macro zeros(condition, of_children) -%}
    select
        indicator.indicator_no, 0::smallint as step_no, unit.unit_no, category.category_no,
        0::float8 as numerator, null::float8 as denominator
    from {{ ref('int_grid__indicator') }} as indicator
    cross join {{ ref('int_value__unit') }} as unit
    inner join {{ ref('int_grid__category') }} as category on {{ has_zeros('unit', 'category') }}
    where
        not indicator.is_made
        and {{ condition }}
        and (category.category_no = 0 or indicator.indicator_no in ({{ of_children }}))
{%- endmacro %}

{#- Whether no event is shown as a zero: details are what there is, and a team's categories those of its cases. -#}
{% macro has_zeros(unit, series) -%}
    (
        {{ unit }}.has_zeros
        and ({{ series }}.category_no = 0 or ({{ unit }}.unit_no = {{ council_no() }} and {{ series }}.category_no < 10000))
    )
{%- endmacro %}

{#- The series that have figures: rates are the council's alone. -#}
{% macro has_figure(series, indicator) -%}
    {{ indicator }}.is_computed
    and ({{ indicator }}.kind <> 'rate' or ({{ series }}.unit_no = {{ council_no() }} and {{ series }}.category_no = 0))
{%- endmacro %}

{#- One number for a series of a unit, an indicator and a category, quicker to sort by than the three. Each has bits
    of its own; a number that would need more is an error, not another series. -#}
{% macro series_no(row) -%}
    (({{ row }}.unit_no::bigint << 32) | ({{ row }}.indicator_no::bigint << 16) | {{ row }}.category_no::smallint)
{%- endmacro %}

{#- A row for each series of an indicator, unit and category, its steps in order. -#}
{% macro series(steps, has_median=false) -%}
    select
        any_value(indicator_no) as indicator_no,
        any_value(unit_no) as unit_no,
        any_value(category_no) as category_no,
        array_agg(step_no order by step_no) as steps,
        array_agg(numerator order by step_no) as numerators,
        case when count(denominator) > 0 then array_agg(coalesce(denominator, 0) order by step_no) end as denominators
        {%- if has_median %},
        case when count(median) > 0 then array_agg(median order by step_no) end as medians
        {%- endif %}
    from {{ steps }}
    group by series_no
{%- endmacro %}

{#- Where in a series a bucket's last step is, or the last one that comes before it, by the number of steps up to there.
    What is not running has a step of its own for each bucket. -#}
{% macro place(series, bucket, is_running, is_before=false) -%}
    width_bucket(
        case when {{ is_running }} then {{ bucket }}.{{ 'after_step' if is_before else 'last_step' }}
            else {{ bucket }}.bucket_no{{ ' - 1::smallint' if is_before }} end,
        {{ series }}.steps
    )
{%- endmacro %}

{#- Whether a series has a figure in a bucket: an event, or a zero that is shown. -#}
{% macro is_held(series, bucket, is_running, unit) -%}
    (
        {{ place(series, bucket, is_running) }} > {{ place(series, bucket, is_running, true) }}
        or {{ has_zeros(unit, series) }}
    )
{%- endmacro %}

{#- What a series holds in a bucket: of running totals, the last without that of the step before. -#}
{% macro held(values, series, bucket, is_running) -%}
    case
        when {{ place(series, bucket, is_running) }} > {{ place(series, bucket, is_running, true) }}
            then
                {{ values }}[{{ place(series, bucket, is_running) }}]
                - case
                    when {{ is_running }} then coalesce({{ values }}[{{ place(series, bucket, is_running, true) }}], 0)
                    else 0
                end
    end
{%- endmacro %}
