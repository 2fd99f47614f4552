select
    "COLLECTION_YEAR" as collection_year,
    "CHILD" as child_key,
    "DOB" as birth_month,
    "PREV_PERM" as previous_permanence,
    "LA_PERM" as local_authority,
    "DATE_PERM" as order_date_text,
    {{ origin('ssda903_previous_permanence') }}
from {{ source('raw', 'ssda903_previous_permanence') }}
where {{ in_force() }}
