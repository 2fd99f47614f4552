{{ config(materialized='view') }}
-- Cases that come to a unit or leave it, one row each: a case that another unit held until that day is a transfer, any
-- other is opened; one that another unit holds from that day on is a transfer out, any other is closed. Spans that
-- follow one another with the same holder are one case. Read once, by fct_flow: written nowhere before.
with placed as (
    select
        allocation.child_key,
        allocation.from_on,
        allocation.to_on,
        coalesce(allocation.worker_code, 'unallocated') as worker_code,
        coalesce(team.team_code, 'unallocated') as team_code,
        coalesce(team.service_code, 'unallocated') as service_code
    from {{ ref('int_allocation') }} as allocation
    left join {{ ref('int_team') }} as team using (team_code)
),

-- The holder before and after is looked up once a span, not once a level.
neighbour as (
    select
        *,
        lag(to_on) over child as to_on_before,
        lag(service_code) over child as service_before,
        lag(team_code) over child as team_before,
        lag(worker_code) over child as worker_before,
        lead(from_on) over child as from_on_after,
        lead(service_code) over child as service_after,
        lead(team_code) over child as team_after,
        lead(worker_code) over child as worker_after
    from placed
    window child as (partition by child_key order by from_on)
),

beside as (
    select
        place.*,
        neighbour.child_key,
        neighbour.from_on,
        neighbour.to_on,
        neighbour.to_on_before,
        neighbour.from_on_after
    from neighbour
    cross join lateral (
        values
        ('council', '{{ var("council") }}', '{{ var("council") }}', '{{ var("council") }}'),
        ('service', neighbour.service_code, neighbour.service_before, neighbour.service_after),
        ('team', neighbour.team_code, neighbour.team_before, neighbour.team_after),
        ('worker', neighbour.worker_code, neighbour.worker_before, neighbour.worker_after)
    ) as place (level, unit_code, unit_before, unit_after)
)

select
    level,
    unit_code,
    child_key,
    from_on as event_on,
    case when to_on_before = from_on then 'transfer_in' else 'opened' end as event,
    1 as added
from beside
where (unit_before = unit_code and to_on_before = from_on) is not true
union all
select
    level,
    unit_code,
    child_key,
    to_on,
    case when from_on_after = to_on then 'transfer_out' else 'closed' end,
    -1
from beside
where to_on is not null and (unit_after = unit_code and from_on_after = to_on) is not true
