select
    focus_group_id,
    held_on,
    respondent,
    theme,
    team_id as team_code,
    facilitator_id as facilitator_code,
    invited,
    attended,
    sentiment,
    answered_on,
    {{ origin('focus_group') }}
from {{ source('raw', 'focus_group') }}
where {{ in_force() }}
