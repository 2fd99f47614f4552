select
    "COLLECTION_YEAR" as collection_year,
    "CHILD" as child_key,
    "SEX" as sex,
    "DOB" as birth_month,
    "ETHNIC" as ethnicity,
    "MOTHER" as is_mother,
    "MC_DOB" as own_child_birth_month,
    {{ origin('ssda903_header') }}
from {{ source('raw', 'ssda903_header') }}
where {{ in_force() }}
