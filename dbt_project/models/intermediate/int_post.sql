-- One row a post. A post without a person is vacant.
select
    post_id,
    worker_code,
    team_code,
    role_id,
    fte,
    started_on,
    {{ known('ended_on') }} as ended_on,
    (worker_code is null) as is_vacant,
    coalesce(worker_code is not null and is_agency_flag = 'Y', false) as is_agency,
    coalesce(is_registered_flag = 'Y', false) as is_registered,
    case when worker_code is not null and is_agency_flag = 'Y' then is_covering_vacancy_flag = 'Y' end
        as is_covering_vacancy,
    feed,
    delivery_id,
    row_no
from {{ ref('stg_staff_post') }}
where started_on <= {{ as_at() }}
