-- One row a snapshot day, child and allocated worker: a child whom two workers hold counts for both. Where a worker
-- holds a child twice, the allocation that began last counts.
with held as materialized (
    -- Worked out once an allocation, not once a day.
    select
        involvement_id,
        child_key,
        worker_code,
        team_code,
        started_on,
        {{ known('ended_on') }} as ended_on,
        feed,
        delivery_id,
        row_no
    from {{ ref('stg_ssd_involvements') }}
    where involvement_role = 'Allocated Case Worker' and worker_code is not null
),

-- By child first: sorting by day first takes twice the time.
latest as (
    select distinct on (held.child_key, held.worker_code, day.snapshot_on)
        day.snapshot_on,
        held.child_key,
        held.worker_code,
        held.team_code,
        held.started_on,
        held.involvement_id,
        held.feed,
        held.delivery_id,
        held.row_no
    from held
    inner join {{ ref('int_snapshot') }} as day
        on {{ open_at('held.started_on', 'held.ended_on', 'day.snapshot_on') }}
    order by
        held.child_key, held.worker_code, day.snapshot_on,
        held.started_on desc, held.involvement_id desc
)

select *
from latest
-- By day: sums of a day then keep to little memory (`int_value__cut`).
order by snapshot_on
