select
    programme_id,
    period as period_label,
    theme,
    audit_type,
    auditor_role,
    planned,
    {{ origin('audit_programme') }}
from {{ source('raw', 'audit_programme') }}
where {{ in_force() }}
