-- Children whose short breaks passed a limit: one of more than 17 days, or more than 75 days in 12 months.
select
    'PLC-15' as indicator_id,
    breaks.child_key as case_id,
    breaks.child_key,
    allocation.worker_code,
    allocation.team_code,
    breaks.snapshot_on as observed_on,
    1 as numerator,
    null::int as denominator,
    null as detail,
    breaks.feed,
    breaks.delivery_id,
    breaks.row_no
from {{ ref('int_short_break__snapshot') }} as breaks
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'breaks.child_key', 'breaks.snapshot_on') }}
where breaks.is_one_too_long or breaks.days_in_year > 75
