-- Every team under a number, with its service and the council: the units whose figures a case of the team adds to.
with service as (
    select
        service_code,
        1 + row_number() over (order by service_code) as service_no
    from {{ ref('int_team') }}
    group by service_code
)

select
    team.team_code,
    (10000 + row_number() over (order by team.team_code))::int as team_no,
    team.service_code,
    service.service_no::int as service_no,
    {{ council_no() }} as council_no,
    team.is_service
from {{ ref('int_team') }} as team
inner join service using (service_code)
