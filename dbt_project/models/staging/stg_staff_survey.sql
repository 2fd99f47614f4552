select
    response_id,
    question,
    survey,
    answered_on,
    team_id as team_code,
    role as role_id,
    score,
    {{ origin('staff_survey') }}
from {{ source('raw', 'staff_survey') }}
where {{ in_force() }}
