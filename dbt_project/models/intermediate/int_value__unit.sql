-- Every unit that figures are of, under a number. Zeros are filled for the council, services and teams.
with worker as (
    select distinct worker_code
    from {{ ref('int_value__worker') }}
)

select {{ council_no() }} as unit_no, 'council' as level, '{{ var("council") }}' as unit_code, true as has_zeros
union all
select distinct service_no, 'service', service_code, true from {{ ref('int_grid__place') }}
union all
select team_no, 'team', team_code, not is_service from {{ ref('int_grid__place') }}
union all
select (1000000 + row_number() over (order by worker_code))::int, 'worker', worker_code, false
from worker
where worker_code <> 'unallocated'
