-- What the SSDA903 return alone records of children looked after for a year, at the 31 March that it is of (OC2):
-- development checks under five, and help with substance misuse that was offered and not received.
select
    rule.indicator_id,
    child.child_key || '/' || child.collection_year as case_id,
    child.child_key,
    allocation.worker_code,
    allocation.team_code,
    year_end.day as observed_on,
    rule.numerator,
    1 as denominator,
    null as detail,
    child.feed,
    child.delivery_id,
    child.row_no
from {{ ref('stg_ssda903_oc2') }} as child
cross join lateral (select make_date(child.collection_year::int, 3, 31) as day) as year_end
left join {{ ref('int_person') }} as person on child.child_key = person.child_key
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'child.child_key', 'year_end.day') }}
cross join lateral (
    values
    (
        'HLT-06',
        case
            when {{ age_years('person.birth_on', 'year_end.day') }} < 5
                then (child.health_check = '1')::int
        end
    ),
    (
        'HLT-11',
        case
            when child.substance_misuse = '1'
                then (child.intervention_offered = '1' and child.intervention_received is distinct from '1')::int
        end
    )
) as rule (indicator_id, numerator)
where year_end.day <= {{ as_at() }} and rule.numerator is not null
