-- AUD-04, at a window's last day once it has ended: what one did too many does not make up for another.
select
    'AUD-04' as indicator_id,
    owed_id as case_id,
    null::text as child_key,
    worker_code,
    team_code,
    period_end as observed_on,
    least(done, expected) as numerator,
    expected as denominator,
    null as detail,
    feed,
    delivery_id,
    row_no
from {{ ref('int_expectation') }}
where is_complete
