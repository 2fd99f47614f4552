{#- The sums of teams once for every level, of the buckets that a condition names: council, service, team and worker
    without a breakdown; council, service and team in breakdowns. -#}
{% macro levels(condition) -%}
    select
        sums.indicator_no, sums.bucket_no, unit.unit_no, 0 as category_no, sums.numerator, sums.denominator
    from {{ ref('int_value__worker') }} as sums
    inner join {{ ref('int_grid__place') }} as place using (team_no)
    left join {{ ref('int_value__unit') }} as worker
        on worker.level = 'worker' and sums.worker_code = worker.unit_code
    cross join lateral (
        values (place.council_no), (place.service_no), (place.team_no), (worker.unit_no)
    ) as unit (unit_no)
    where {{ condition }} and unit.unit_no is not null
    union all
    select
        sums.indicator_no, sums.bucket_no, unit.unit_no, coalesce(sums.category_no, detail.category_no),
        sums.numerator, sums.denominator
    from {{ ref('int_value__cut') }} as sums
    inner join {{ ref('int_grid__place') }} as place using (team_no)
    left join {{ ref('int_value__category') }} as detail
        on detail.breakdown = 'detail' and sums.detail = detail.category
    cross join lateral (values (place.council_no), (place.service_no), (place.team_no)) as unit (unit_no)
    where {{ condition }}
{%- endmacro %}

{#- No event is a zero, without a breakdown: a row of nothing for every unit, and every indicator and bucket that a
    condition names. What is made of counts has its zeros from them. -#}
{% macro zeros(condition) -%}
    select
        indicator.indicator_no, bucket.bucket_no, unit.unit_no, 0 as category_no,
        0::float8 as numerator, null::float8 as denominator
    from {{ ref('int_grid__indicator') }} as indicator
    inner join (
        select distinct
            bucket_no,
            is_flow,
            case when is_flow then period_kind end as period_kind
        from {{ ref('int_grid__bucket') }}
    ) as bucket using (is_flow)
    cross join {{ ref('int_value__unit') }} as unit
    where not indicator.is_made and unit.has_zeros and {{ condition }}
{%- endmacro %}

{#- The cells that have a figure: rates are the council's alone, and what only the as-at date knows has no past. -#}
{% macro has_figure(cell, indicator) -%}
    {{ indicator }}.is_computed
    and ({{ indicator }}.kind <> 'rate' or ({{ cell }}.unit_no = 1 and {{ cell }}.category_no = 0))
    and (
        {{ indicator }}.history = 'full'
        or {{ cell }}.bucket_no in (select bucket_no from {{ ref('int_grid__bucket') }} where is_latest)
    )
{%- endmacro %}
