-- One row a snapshot day, child and allocated worker: a child whom two workers hold counts for both. Where a worker
-- holds a child twice, the allocation that began last counts.
select distinct on (day.snapshot_on, involvement.child_key, involvement.worker_code)
    day.snapshot_on,
    involvement.child_key,
    involvement.worker_code,
    involvement.team_code,
    involvement.started_on,
    involvement.involvement_id,
    involvement.feed,
    involvement.delivery_id,
    involvement.row_no
from {{ ref('stg_ssd_involvements') }} as involvement
inner join {{ ref('int_snapshot') }} as day
    on {{ open_at('involvement.started_on', known('involvement.ended_on'), 'day.snapshot_on') }}
where involvement.involvement_role = 'Allocated Case Worker' and involvement.worker_code is not null
order by
    day.snapshot_on, involvement.child_key, involvement.worker_code,
    involvement.started_on desc, involvement.involvement_id desc
