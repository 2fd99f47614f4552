{{ config(materialized='view', meta={
    'stored_in': [
        'int_observation__need', 'int_observation__care', 'int_observation__beside_care', 'int_observation__practice'
    ]
}) }}
-- `int_observation` in words; what contributes to it is listed there.
select
    '{{ var("council") }}'::text as council,
    indicator.indicator_id::text as indicator_id,
    observation.case_id::text as case_id,
    coalesce(person.child_key, observation.unknown_child_key)::text as child_key,
    observation.worker_code::text as worker_code,
    place.team_code::text as team_code,
    place.service_code::text as service_code,
    observation.observed_on::date as observed_on,
    observation.numerator::numeric as numerator,
    observation.denominator::numeric as denominator,
    age.category::text as age_band,
    person.sex::text as sex,
    person.ethnicity::text as ethnicity,
    person.disability::text as disability,
    person.uasc::text as uasc,
    locality.category::text as locality,
    need.category::text as need,
    observation.detail::text as detail,
    observation.feed::text as feed,
    observation.delivery_id::bigint as delivery_id,
    observation.row_no::int as row_no
from {{ ref('int_observation') }} as observation
inner join {{ ref('int_grid__indicator') }} as indicator using (indicator_no)
inner join {{ ref('int_grid__place') }} as place using (team_no)
left join {{ ref('int_grid__person') }} as person using (child_no)
left join {{ ref('int_grid__category') }} as age on observation.age_no = age.category_no
left join {{ ref('int_grid__category') }} as locality on observation.locality_no = locality.category_no
left join {{ ref('int_grid__category') }} as need on observation.need_no = need.category_no
