select
    link_table_id as linked_identifier_id,
    link_person_id as child_key,
    link_identifier_type as identifier_type,
    link_valid_from_date as valid_from_on,
    link_valid_to_date as valid_to_on,
    {{ origin('ssd_linked_identifiers') }}
from {{ source('raw', 'ssd_linked_identifiers') }}
where {{ in_force() }}
