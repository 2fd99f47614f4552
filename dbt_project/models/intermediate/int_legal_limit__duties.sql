-- Clocks T18: the end of each emergency protection order, child assessment order and short break, of the first day on
-- which they must have ended. Police protection is limited in hours, which the feed does not bring.
select
    status.clock_id,
    status.legal_status_id as case_id,
    status.child_key,
    allocation.worker_code,
    allocation.team_code,
    status.started_on as start_on,
    status.due_on,
    status.ended_on as done_on,
    null::date as ended_on,
    null as reason,
    status.feed,
    status.delivery_id,
    status.row_no
from {{ ref('int_legal_limit') }} as status
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'status.child_key', duty_day('status.ended_on')) }}
where status.legal_status <> 'L1' and {{ is_listed('status.due_on', 'status.ended_on', 'null') }}
