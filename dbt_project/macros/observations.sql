{#- The observations of models, kept narrow: numbers for what is grouped by. `bucket_no` is empty where figures are not
    sums. Each branch has its own joins, so that they run before a case is multiplied by its indicators. Spans of homes
    and needs are joined once, after that, because they depend on the day of each indicator. A day that only ends a week
    is kept for what is read weekly. What is not known without a feed that was never delivered is not observed. -#}
{% macro observations(contributors) -%}
with observation as (
{% for contributor in contributors %}
select
    observation.numerator::float8 as numerator,
    observation.denominator::float8 as denominator,
    observation.delivery_id::bigint as delivery_id,
    observation.row_no::int as row_no,
    person.child_no,
    coalesce(place.team_no, (select team_no from {{ ref('int_grid__place') }} where team_code = 'unallocated'))
        as team_no,
    day.observed_on,
    indicator.indicator_no,
    case when indicator.is_summed then case when indicator.is_flow then day.month_no else day.snapshot_no end end
        as bucket_no,
    (case
        when observation.child_key is null then null
        when person.birth_on is null or person.birth_on > day.observed_on then 1
        when day.observed_on < person.aged_1_on then 2
        when day.observed_on < person.aged_5_on then 3
        when day.observed_on < person.aged_10_on then 4
        when day.observed_on < person.aged_16_on then 5
        when day.observed_on < person.aged_18_on then 6
        else 7
    end)::smallint as age_no,
    person.sex_no::smallint as sex_no,
    person.ethnicity_no::smallint as ethnicity_no,
    person.disability_no::smallint as disability_no,
    person.uasc_no::smallint as uasc_no,
    coalesce(case when place.team_code <> 'unallocated' then observation.worker_code end, 'unallocated')::text
        as worker_code,
    observation.case_id::text as case_id,
    observation.detail::text as detail,
    observation.feed::text as feed,
    case when person.child_no is null then observation.child_key end::text as unknown_child_key
from {{ ref(contributor) }} as observation
inner join {{ ref('int_grid__day') }} as day on observation.observed_on = day.observed_on
left join {{ ref('int_grid__indicator') }} as indicator on observation.indicator_id = indicator.indicator_id
left join {{ ref('int_grid__place') }} as place on observation.team_code = place.team_code
left join {{ ref('int_grid__person') }} as person on observation.child_key = person.child_key
where
    coalesce(indicator.is_delivered, true)
    and (coalesce(indicator.is_flow or indicator.has_weeks, true) or day.snapshot_no < 2000)
{% if not loop.last %}union all{% endif %}
{% endfor %}
)

select
    observation.numerator,
    observation.denominator,
    observation.delivery_id,
    observation.row_no,
    observation.child_no,
    observation.team_no,
    observation.observed_on,
    observation.indicator_no,
    observation.bucket_no,
    observation.age_no,
    observation.sex_no,
    observation.ethnicity_no,
    observation.disability_no,
    observation.uasc_no,
    span.locality_no,
    span.need_no,
    observation.worker_code,
    observation.case_id,
    observation.detail,
    observation.feed,
    observation.unknown_child_key
from observation
left join {{ ref('int_grid__span') }} as span
    on observation.child_no = span.child_no and {{ open_at('span.from_on', 'span.to_on', 'observation.observed_on') }}
{%- endmacro %}
