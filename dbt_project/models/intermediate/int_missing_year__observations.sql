select
    'MIS-02' as indicator_id,
    year.child_key as case_id,
    year.child_key,
    allocation.worker_code,
    allocation.team_code,
    year.snapshot_on as observed_on,
    year.is_missing::int as numerator,
    1 as denominator,
    null as detail,
    year.feed,
    year.delivery_id,
    year.row_no
from {{ ref('int_missing_year__snapshot') }} as year
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'year.child_key', 'year.snapshot_on') }}
