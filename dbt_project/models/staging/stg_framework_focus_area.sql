select
    focus_area,
    label
from {{ source('framework', 'framework_focus_area') }}
where {{ of_council() }}
