select
    "COLLECTION_YEAR" as collection_year,
    "CHILD" as child_key,
    "DOB" as birth_month,
    "DOLO_START" as started_on,
    "DOLO_END" as ended_on,
    {{ origin('ssda903_dolo') }}
from {{ source('raw', 'ssda903_dolo') }}
where {{ in_force() }}
