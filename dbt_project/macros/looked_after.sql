{#- Which interval of regulation 28 (Care Planning Regulations 2010, SI 2010/959) runs from a visit, or from
    the start of a placement where there has been none. A child placed with parents under an interim care
    order is visited weekly until the first review. -#}
{% macro cla_visit_clock(visited_on, placed_on, placement_type, legal_status, reviewed_on) -%}
    case
        when {{ visited_on }} is null then 'T09_first'
        when {{ placement_type }} = 'P1' and {{ legal_status }} = 'C1' and {{ reviewed_on }} is null
            then 'T09_parents_first'
        when {{ placement_type }} = 'P1' and {{ legal_status }} = 'C1' then 'T09_parents_later'
        when {{ visited_on }} < {{ add_months(placed_on, 12) }} then 'T09_year_one'
        when {{ placement_type }} in ('U1', 'U4') then 'T09_long_term'
        else 'T09_later'
    end
{%- endmacro %}

{#- The last day on which a visit of an interval is in time (same regulation). -#}
{% macro cla_visit_due(clock_id, start_on) -%}
    ({{ start_on }} + case {{ clock_id }}
        when 'T09_first' then interval '7 days'
        when 'T09_parents_first' then interval '7 days'
        when 'T09_parents_later' then interval '28 days'
        when 'T09_long_term' then interval '3 months'
        else interval '42 days'
    end)::date
{%- endmacro %}

{#- Whether a duty of care is listed: still owed, or due since the figures begin. What was due before then may have
    been done before the feeds begin. -#}
{% macro is_listed(due_on, done_on, ended_on) -%}
    (
        {{ due_on }} >= (select min(period_start) from {{ ref('int_period') }})
        or ({{ done_on }} is null and {{ ended_on }} is null)
    )
{%- endmacro %}
