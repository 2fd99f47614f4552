select
    expectation,
    audit_type
from {{ source('framework', 'framework_expectation_audit_type') }}
where {{ of_council() }}
