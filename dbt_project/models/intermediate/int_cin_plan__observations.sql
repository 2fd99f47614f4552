-- One line an indicator of open child in need plans. A numerator left empty keeps the plan out of the indicator.
select
    rule.indicator_id,
    plan.plan_id as case_id,
    plan.child_key,
    plan.worker_code,
    plan.team_code,
    plan.snapshot_on as observed_on,
    rule.numerator,
    rule.denominator,
    null::text as detail,
    plan.feed,
    plan.delivery_id,
    plan.row_no
from {{ ref('int_cin_plan__snapshot') }} as plan
cross join lateral (
    values
    ('CIN-13', (plan.visit_due_on >= plan.snapshot_on)::int, 1),
    ('CIN-14', (plan.snapshot_on > {{ add_months('plan.started_on', 12) }})::int, 1)
) as rule (indicator_id, numerator, denominator)
where rule.numerator is not null
