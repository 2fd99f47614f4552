select
    cont_contact_id as contact_id,
    cont_person_id as child_key,
    cont_contact_date as contacted_on,
    cont_contact_source_code as source_code,
    cont_contact_outcome_json as outcome_json,
    {{ origin('ssd_contacts') }}
from {{ source('raw', 'ssd_contacts') }}
where {{ in_force() }}
