select
    setting,
    value
from {{ source('framework', 'framework_setting') }}
where {{ of_council() }}
