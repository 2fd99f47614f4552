select
    theme,
    label,
    focus_area
from {{ source('framework', 'framework_theme') }}
where {{ of_council() }}
