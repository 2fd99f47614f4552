select
    post_id,
    professional_id as worker_code,
    team_id as team_code,
    role as role_id,
    fte,
    started_on,
    ended_on,
    is_agency as is_agency_flag,
    is_registered_social_worker as is_registered_flag,
    is_covering_vacancy as is_covering_vacancy_flag,
    {{ origin('staff_post') }}
from {{ source('raw', 'staff_post') }}
where {{ in_force() }}
