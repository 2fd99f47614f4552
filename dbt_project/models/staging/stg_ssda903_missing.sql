select
    "COLLECTION_YEAR" as collection_year,
    "CHILD" as child_key,
    "DOB" as birth_month,
    "MISSING" as missing_type,
    "MIS_START" as started_on,
    "MIS_END" as ended_on,
    {{ origin('ssda903_missing') }}
from {{ source('raw', 'ssda903_missing') }}
where {{ in_force() }}
