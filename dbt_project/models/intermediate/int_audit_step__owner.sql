-- Who answers for each role's steps in each team at the as-at date: who is linked to the team in that role, else who
-- holds such a post in the team, else in its service, else the only holder of a role of the whole council.
with held as (
    select role_id, team_code as unit_code, worker_code, started_on, true as is_link
    from {{ ref('stg_team_link') }}
    where {{ open_at('started_on', known('ended_on'), as_at()) }}
    union all
    select role_id, team_code, worker_code, started_on, false
    from {{ ref('int_post') }}
    where not is_vacant and ended_on is null
),

only_holder as (
    select held.role_id, min(held.worker_code) as worker_code
    from held
    inner join {{ ref('stg_framework_role') }} as role on held.role_id = role.role and role.level = 'council'
    group by held.role_id
    having count(distinct held.worker_code) = 1
),

candidate as (
    select
        held.role_id,
        team.team_code,
        held.worker_code,
        held.started_on,
        case when held.is_link then 1 when held.unit_code = team.team_code then 2 else 3 end as nearness
    from {{ ref('int_team') }} as team
    inner join held
        on held.unit_code = team.team_code or (not held.is_link and held.unit_code = team.service_code)
    union all
    select only_holder.role_id, team.team_code, only_holder.worker_code, null, 4
    from {{ ref('int_team') }} as team
    cross join only_holder
)

select distinct on (role_id, team_code)
    role_id,
    team_code,
    worker_code
from candidate
order by role_id, team_code, nearness, started_on desc, worker_code desc
