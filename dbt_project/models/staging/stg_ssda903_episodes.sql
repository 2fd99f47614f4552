select
    "COLLECTION_YEAR" as collection_year,
    "CHILD" as child_key,
    "DECOM" as started_on,
    "RNE" as start_reason,
    "LS" as legal_status,
    "CIN" as need,
    "PLACE" as placement,
    "PLACE_PROVIDER" as placement_provider,
    "DEC" as ceased_on,
    "REC" as end_reason,
    "REASON_PLACE_CHANGE" as placement_change_reason,
    "URN" as placement_urn,
    {{ origin('ssda903_episodes') }}
from {{ source('raw', 'ssda903_episodes') }}
where {{ in_force() }}
