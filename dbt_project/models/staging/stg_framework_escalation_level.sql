select
    level,
    label,
    position,
    after_days,
    day_kind,
    dated_by
from {{ source('framework', 'framework_escalation_level') }}
where {{ of_council() }}
