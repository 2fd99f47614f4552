select
    team_id as team_code,
    name,
    service_id as service_code,
    service_name,
    kind,
    manager_id as manager_code,
    established_fte,
    started_on,
    ended_on,
    {{ origin('team') }}
from {{ source('raw', 'team') }}
where {{ in_force() }}
