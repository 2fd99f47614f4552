select
    step,
    label,
    position,
    stage,
    after,
    due_in,
    due_unit,
    owner_role,
    grade_basis,
    is_conditional,
    is_reaudit,
    by_original_auditor,
    repeat_every_months,
    repeat_times
from {{ source('framework', 'framework_step') }}
where {{ of_council() }}
