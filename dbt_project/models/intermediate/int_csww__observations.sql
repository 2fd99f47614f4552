-- Social workers in post at the 30 September that the children's social work workforce census is of, by its own role:
-- 4 is senior practitioner. Agency workers are left out. They belong to no team.
select
    'WF-13' as indicator_id,
    worker.registration_no || '/' || worker.census_year || '/' || coalesce(worker.role_started_on::text, '') as case_id,
    null::text as child_key,
    null::text as worker_code,
    null::text as team_code,
    census.day as observed_on,
    case when worker.org_role = '4' then worker.fte else 0 end as numerator,
    worker.fte as denominator,
    null as detail,
    worker.feed,
    worker.delivery_id,
    worker.row_no
from {{ ref('stg_csww_worker') }} as worker
cross join lateral (select make_date(worker.census_year::int, 9, 30) as day) as census
where
    census.day <= {{ as_at() }}
    and worker.agency_worker = '0'
    and worker.fte is not null
    and worker.org_role is not null
    and coalesce(worker.role_started_on <= census.day, true)
    and (worker.role_ended_on is null or worker.role_ended_on > census.day)
