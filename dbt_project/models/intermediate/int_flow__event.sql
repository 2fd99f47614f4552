-- Cases that come to a unit or leave it, one row each: a case that another unit held until that day is a transfer, any
-- other is opened; one that another unit holds from that day on is a transfer out, any other is closed. Spans that
-- follow one another with the same holder are one case.
with placed as (
    select
        place.level,
        place.unit_code,
        allocation.child_key,
        allocation.from_on,
        allocation.to_on
    from {{ ref('int_allocation') }} as allocation
    left join {{ ref('int_team') }} as team using (team_code)
    cross join lateral (
        values
        ('council', '{{ var("council") }}'),
        ('service', coalesce(team.service_code, 'unallocated')),
        ('team', coalesce(team.team_code, 'unallocated')),
        ('worker', coalesce(allocation.worker_code, 'unallocated'))
    ) as place (level, unit_code)
),

beside as (
    select
        *,
        lag(unit_code) over child as unit_before,
        lag(to_on) over child as to_on_before,
        lead(unit_code) over child as unit_after,
        lead(from_on) over child as from_on_after
    from placed
    window child as (partition by level, child_key order by from_on)
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
