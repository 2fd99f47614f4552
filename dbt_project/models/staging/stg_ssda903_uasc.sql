select
    "COLLECTION_YEAR" as collection_year,
    "CHILD" as child_key,
    "SEX" as sex,
    "DOB" as birth_month,
    "DUC" as uasc_ended_on,
    {{ origin('ssda903_uasc') }}
from {{ source('raw', 'ssda903_uasc') }}
where {{ in_force() }}
