select
    domain,
    label,
    position
from {{ source('framework', 'framework_domain') }}
where {{ of_council() }}
