select
    locality,
    district
from {{ source('framework', 'framework_locality') }}
where {{ of_council() }}
