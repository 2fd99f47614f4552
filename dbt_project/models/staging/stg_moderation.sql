select
    moderation_id,
    audit_id,
    moderator_id as moderator_code,
    moderator_role,
    is_in_group as is_in_group_flag,
    allocated_on,
    due_on,
    moderated_on,
    first_grade,
    moderated_grade,
    settled_on,
    settled_grade,
    {{ origin('moderation') }}
from {{ source('raw', 'moderation') }}
where {{ in_force() }}
