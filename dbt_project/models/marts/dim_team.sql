select
    '{{ var("council") }}'::text as council,
    team_code::text as team_code,
    team_name::text as team_name,
    service_code::text as service_code,
    service_name::text as service_name,
    is_service::boolean as is_service
from {{ ref('int_team') }}
