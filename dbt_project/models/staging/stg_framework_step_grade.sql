select
    step,
    grade
from {{ source('framework', 'framework_step_grade') }}
where {{ of_council() }}
