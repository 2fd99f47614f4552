-- One row a contact: about one child, on one day. Repeats recorded on one day from one source count once.
select
    contact.contact_id,
    contact.child_key,
    contact.contacted_on,
    contact.source_code,
    case when contact.outcome_json is json object then contact.outcome_json::jsonb ->> 'OUTCOME' end as outcome,
    row_number() over (
        partition by contact.child_key, contact.contacted_on, contact.source_code order by contact.contact_id
    ) = 1 as is_first_of_day,
    council.front_door_team as team_code,
    contact.feed,
    contact.delivery_id,
    contact.row_no
from {{ ref('stg_ssd_contacts') }} as contact
left join {{ source('framework', 'framework_council') }} as council on council.council = '{{ var("council") }}'
where contact.contacted_on <= {{ as_at() }}
