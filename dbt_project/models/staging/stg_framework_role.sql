select
    role,
    label,
    level,
    holds_cases
from {{ source('framework', 'framework_role') }}
where {{ of_council() }}
