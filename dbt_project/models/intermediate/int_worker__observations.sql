-- Registered workers who hold a case, agency workers included: their cases, and children for each full-time equivalent
-- (children's social work workforce census).
select
    rule.indicator_id,
    worker.worker_code as case_id,
    null::text as child_key,
    worker.worker_code,
    worker.team_code,
    worker.snapshot_on as observed_on,
    worker.children as numerator,
    rule.denominator,
    null as detail,
    worker.feed,
    worker.delivery_id,
    worker.row_no
from {{ ref('int_worker__snapshot') }} as worker
cross join lateral (
    values
    ('WF-08', worker.fte > 0, worker.fte),
    ('WF-09', true, null)
) as rule (indicator_id, is_counted, denominator)
where worker.is_registered and rule.is_counted
