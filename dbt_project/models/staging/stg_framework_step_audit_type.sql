select
    step,
    audit_type
from {{ source('framework', 'framework_step_audit_type') }}
where {{ of_council() }}
