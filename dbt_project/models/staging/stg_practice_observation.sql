select
    observation_id,
    worker_id as worker_code,
    team_id as team_code,
    observer_id as observer_code,
    observer_role,
    setting,
    child_id as child_key,
    in_assessed_year as in_assessed_year_flag,
    due_on,
    observed_on,
    grade,
    feedback_given_on,
    {{ origin('practice_observation') }}
from {{ source('raw', 'practice_observation') }}
where {{ in_force() }}
