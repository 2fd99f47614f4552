select
    team_id as team_code,
    role as role_id,
    professional_id as worker_code,
    started_on,
    ended_on,
    {{ origin('team_link') }}
from {{ source('raw', 'team_link') }}
where {{ in_force() }}
