select
    lapp_table_id as previous_permanence_id,
    lapp_person_id as child_key,
    lapp_previous_permanence_la as local_authority,
    lapp_previous_permanence_order_date as order_date_text,
    {{ origin('ssd_cla_previous_permanence') }}
from {{ source('raw', 'ssd_cla_previous_permanence') }}
where {{ in_force() }}
