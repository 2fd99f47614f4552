-- Every team with its service: its parent, or itself where it has none.
select
    team.team_code,
    team.team_name,
    coalesce(service.team_code, team.team_code) as service_code,
    coalesce(service.team_name, team.team_name) as service_name,
    (service.team_code is null) as is_service
from {{ ref('stg_ssd_department') }} as team
left join {{ ref('stg_ssd_department') }} as service on team.parent_code = service.team_code
union all
select 'unallocated', 'Unallocated', 'unallocated', 'Unallocated', false
