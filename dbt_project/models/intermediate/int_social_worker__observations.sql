-- The council's own social workers on each snapshot day, in full-time equivalents, one line an indicator (children's
-- social work workforce census). Sickness is measured against the working days of 12 months of those in post.
select
    rule.indicator_id,
    worker.worker_code as case_id,
    null::text as child_key,
    worker.worker_code,
    worker.team_code,
    worker.snapshot_on as observed_on,
    rule.numerator,
    rule.denominator,
    null as detail,
    worker.feed,
    worker.delivery_id,
    worker.row_no
from {{ ref('int_social_worker__snapshot') }} as worker
cross join lateral (
    values
    ('WF-03', 0, worker.fte),
    ('WF-07', worker.days_lost, worker.fte * worker.working_days),
    ('WF-12', case when worker.children > 0 then worker.fte else 0 end, worker.fte),
    (
        'WF-14',
        case when worker.children = 0 and worker.is_case_holding_role then worker.fte else 0 end,
        worker.fte
    )
) as rule (indicator_id, numerator, denominator)
