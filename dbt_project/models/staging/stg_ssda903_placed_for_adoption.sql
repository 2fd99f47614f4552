select
    "COLLECTION_YEAR" as collection_year,
    "CHILD" as child_key,
    "DOB" as birth_month,
    "DATE_PLACED" as placed_on,
    "DATE_PLACED_CEASED" as placement_ceased_on,
    "REASON_PLACED_CEASED" as placement_ceased_reason,
    {{ origin('ssda903_placed_for_adoption') }}
from {{ source('raw', 'ssda903_placed_for_adoption') }}
where {{ in_force() }}
