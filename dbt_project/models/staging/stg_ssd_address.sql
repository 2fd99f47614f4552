select
    addr_table_id as address_id,
    addr_person_id as child_key,
    addr_address_type as address_type,
    addr_address_start_date as started_on,
    addr_address_end_date as ended_on,
    addr_address_postcode as postcode_district,
    {{ origin('ssd_address') }}
from {{ source('raw', 'ssd_address') }}
where {{ in_force() }}
