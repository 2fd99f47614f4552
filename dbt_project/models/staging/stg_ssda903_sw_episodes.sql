select
    "COLLECTION_YEAR" as collection_year,
    "CHILD" as child_key,
    "DOB" as birth_month,
    "SW_ID" as worker_code,
    "SW_DECOM" as started_on,
    "SW_DEC" as ended_on,
    "SW_REASON" as reason,
    {{ origin('ssda903_sw_episodes') }}
from {{ source('raw', 'ssda903_sw_episodes') }}
where {{ in_force() }}
