select
    commission_id,
    title,
    kind,
    theme,
    commissioned_by,
    lead_id as lead_code,
    commissioned_on,
    terms_agreed_on,
    due_on,
    reported_on,
    audit_type,
    planned,
    actions_agreed,
    {{ origin('thematic_commission') }}
from {{ source('raw', 'thematic_commission') }}
where {{ in_force() }}
