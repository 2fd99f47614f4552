select
    "COLLECTION_YEAR" as collection_year,
    "CHILD" as child_key,
    "DOB" as birth_month,
    "IN_TOUCH" as in_touch,
    "ACTIV" as activity,
    "ACCOM" as accommodation,
    {{ origin('ssda903_oc3') }}
from {{ source('raw', 'ssda903_oc3') }}
where {{ in_force() }}
