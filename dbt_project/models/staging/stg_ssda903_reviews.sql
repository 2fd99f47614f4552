select
    "COLLECTION_YEAR" as collection_year,
    "CHILD" as child_key,
    "DOB" as birth_month,
    "REVIEW" as reviewed_on,
    "REVIEW_CODE" as participation,
    {{ origin('ssda903_reviews') }}
from {{ source('raw', 'ssda903_reviews') }}
where {{ in_force() }}
