select
    "COLLECTION_YEAR" as collection_year,
    "CHILD" as child_key,
    "DOB" as birth_month,
    "DATE_INT" as decided_on,
    "DATE_MATCH" as matched_on,
    "FOSTER_CARE" as was_foster_carer,
    "NB_ADOPTR" as adopters,
    "SEX_ADOPTR" as adopter_sex,
    "LS_ADOPTR" as adopter_legal_status,
    {{ origin('ssda903_ad1') }}
from {{ source('raw', 'ssda903_ad1') }}
where {{ in_force() }}
