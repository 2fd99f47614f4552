select
    fami_table_id as family_member_id,
    fami_family_id as family_key,
    fami_person_id as child_key,
    {{ origin('ssd_family') }}
from {{ source('raw', 'ssd_family') }}
where {{ in_force() }}
