select
    audit_type,
    label,
    depth,
    looks_at,
    branch,
    is_multi_agency,
    is_graded
from {{ source('framework', 'framework_audit_type') }}
where {{ of_council() }}
