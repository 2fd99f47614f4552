select
    disa_table_id as disability_id,
    disa_person_id as child_key,
    disa_disability_code as disability_code,
    {{ origin('ssd_disability') }}
from {{ source('raw', 'ssd_disability') }}
where {{ in_force() }}
