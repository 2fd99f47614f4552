select
    send_table_id as send_id,
    send_person_id as child_key,
    send_upn_unknown as upn_unknown,
    {{ origin('ssd_send') }}
from {{ source('raw', 'ssd_send') }}
where {{ in_force() }}
