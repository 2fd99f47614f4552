select
    child_unique_id as child_key,
    gender,
    ethnicity,
    date_of_birth as birth_month,
    date_of_contact as contacted_on,
    contact_source,
    {{ origin('annex_a_list_1') }}
from {{ source('raw', 'annex_a_list_1') }}
where {{ in_force() }}
