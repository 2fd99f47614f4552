select
    step,
    grade
from {{ source('framework', 'framework_step_track_until') }}
where {{ of_council() }}
