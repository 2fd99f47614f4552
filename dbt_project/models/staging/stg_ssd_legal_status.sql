select
    lega_legal_status_id as legal_status_id,
    lega_person_id as child_key,
    lega_legal_status as legal_status,
    lega_legal_status_start_date as started_on,
    lega_legal_status_end_date as ended_on,
    {{ origin('ssd_legal_status') }}
from {{ source('raw', 'ssd_legal_status') }}
where {{ in_force() }}
