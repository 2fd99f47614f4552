-- One line an indicator of children looked after at some time in the 12 months to a day.
select
    rule.indicator_id,
    year.child_key as case_id,
    year.child_key,
    allocation.worker_code,
    allocation.team_code,
    year.snapshot_on as observed_on,
    rule.numerator,
    1 as denominator,
    null as detail,
    year.feed,
    year.delivery_id,
    year.row_no
from {{ ref('int_missing_year__snapshot') }} as year
cross join lateral (
    values
    ('MIS-02', year.is_missing::int),
    ('MIS-03', year.is_away::int)
) as rule (indicator_id, numerator)
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'year.child_key', 'year.snapshot_on') }}
