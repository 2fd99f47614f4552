select
    sample_id,
    title,
    theme,
    team_id as team_code,
    lead_id as lead_code,
    population,
    sample_size,
    started_on,
    due_on,
    completed_on,
    result,
    actions_agreed,
    {{ origin('dip_sample') }}
from {{ source('raw', 'dip_sample') }}
where {{ in_force() }}
