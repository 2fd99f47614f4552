select
    grade,
    label,
    rank,
    is_good
from {{ source('framework', 'framework_grade') }}
where {{ of_council() }}
