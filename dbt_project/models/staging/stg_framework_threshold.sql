select
    threshold,
    value
from {{ source('framework', 'framework_threshold') }}
where {{ of_council() }}
