-- Plans open on each snapshot day. One line an indicator; a numerator left empty keeps the plan out of the indicator.
select
    rule.indicator_id,
    plan.plan_id as case_id,
    plan.child_key,
    plan.worker_code,
    plan.team_code,
    plan.snapshot_on as observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    plan.feed,
    plan.delivery_id,
    plan.row_no
from {{ ref('int_cp_plan__snapshot') }} as plan
cross join lateral (
    select
        (plan.review_due_on < plan.snapshot_on) as is_review_overdue,
        -- Plans of three months or more: none overdue and none held late in the twelve months before.
        case when {{ add_months('plan.started_on', 3) }} <= plan.snapshot_on then
            plan.review_due_on >= plan.snapshot_on
            and coalesce(plan.last_late_review_on <= {{ add_months('plan.snapshot_on', -12) }}, true)
        end as is_every_review_in_time
) as held
cross join lateral (
    select
        case
            when plan.snapshot_on <= {{ add_months('plan.started_on', 3) }} then 'a'
            when plan.snapshot_on <= {{ add_months('plan.started_on', 6) }} then 'b'
            when plan.snapshot_on < {{ add_months('plan.started_on', 12) }} then 'c'
            when plan.days_on_plan <= 729 then 'd'
        end as band
) as age
cross join lateral (
    values
    ('CP-01', 1, null::int, plan.latest_category),
    -- Bands of the published table; the fifth is CP-08.
    ('CP-07a', case when age.band = 'a' then 1 end, null, null),
    ('CP-07b', case when age.band = 'b' then 1 end, null, null),
    ('CP-07c', case when age.band = 'c' then 1 end, null, null),
    ('CP-07d', case when age.band = 'd' then 1 end, null, null),
    -- Two years: more than 729 days (local authority interactive tool, measure 264).
    ('CP-08', case when plan.days_on_plan > 729 then 1 end, null, null),
    ('CP-10', held.is_every_review_in_time::int, 1, null),
    ('CP-12', (plan.visit_due_on >= plan.snapshot_on)::int, 1, null),
    ('CP-13', case when not plan.is_unborn then plan.is_seen_alone_at_last_visit::int end, 1, null),
    ('CP-15', case when held.is_review_overdue then 1 end, null, null)
) as rule (indicator_id, numerator, denominator, detail)
where rule.numerator is not null
