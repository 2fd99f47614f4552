select
    feedback_id,
    child_id as child_key,
    source,
    respondent,
    received_on,
    team_id as team_code,
    worker_id as worker_code,
    score,
    sentiment,
    theme,
    stage,
    responded_on,
    upheld,
    {{ origin('feedback') }}
from {{ source('raw', 'feedback') }}
where {{ in_force() }}
