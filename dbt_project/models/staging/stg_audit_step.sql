select
    audit_id,
    step,
    done_on,
    done_by_id as done_by_code,
    {{ origin('audit_step') }}
from {{ source('raw', 'audit_step') }}
where {{ in_force() }}
