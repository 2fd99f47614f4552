-- Children looked after for 12 months on each snapshot day (SSDA903, OC2), one line an indicator. A numerator left
-- empty keeps the child out of the indicator.
select
    rule.indicator_id,
    cla.period_of_care_id as case_id,
    cla.child_key,
    cla.worker_code,
    cla.team_code,
    cla.snapshot_on as observed_on,
    rule.numerator,
    1 as denominator,
    null as detail,
    cla.feed,
    cla.delivery_id,
    cla.row_no
from {{ ref('int_cla__snapshot') }} as cla
cross join lateral (
    values
    ('HLT-07a', (cla.sdq_score <= 13)::int),
    ('HLT-07b', (cla.sdq_score between 14 and 16)::int),
    ('HLT-07c', (cla.sdq_score >= 17)::int),
    ('HLT-08', case when cla.age between 4 and 16 then (cla.sdq_score is not null)::int end)
) as rule (indicator_id, numerator)
where
    {{ add_months('cla.period_started_on', 12) }} <= cla.snapshot_on
    and rule.numerator is not null
