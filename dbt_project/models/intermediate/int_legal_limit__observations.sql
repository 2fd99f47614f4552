-- Emergency measures that ran beyond their limit, on the first day beyond it.
select
    'LEG-04' as indicator_id,
    status.legal_status_id as case_id,
    status.child_key,
    allocation.worker_code,
    allocation.team_code,
    status.due_on + 1 as observed_on,
    1 as numerator,
    null::int as denominator,
    status.legal_status as detail,
    status.feed,
    status.delivery_id,
    status.row_no
from {{ ref('int_legal_limit') }} as status
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'status.child_key', 'status.due_on + 1') }}
where status.legal_status <> 'V3' and status.due_on < coalesce(status.ended_on, {{ as_at() }})
