select
    audit_id,
    domain,
    grade,
    {{ origin('audit_domain') }}
from {{ source('raw', 'audit_domain') }}
where {{ in_force() }}
