-- Plans started and ceased, by who held the case on that day. One line an indicator.
with event as (
    select
        rule.indicator_id, plan.plan_id as case_id, plan.child_key, rule.observed_on,
        rule.numerator, rule.denominator, rule.detail, plan.feed, plan.delivery_id, plan.row_no
    from {{ ref('int_cp_plan') }} as plan
    cross join lateral (
        values
        ('CP-03', plan.started_on, 1, null::int, plan.initial_category),
        ('CP-05', plan.ended_on, 1, null, null),
        ('CP-06', plan.started_on, case when plan.is_second_or_later then 1 end, null, null),
        -- Two years: more than 729 days, the day of ending counted (local authority interactive tool, measure 98).
        ('CP-09', plan.ended_on, (plan.ended_on - plan.started_on + 1 > 729)::int, 1, null),
        ('CP-16', plan.ended_on, (plan.ended_on <= {{ add_months('plan.started_on', 3) }})::int, 1, null)
    ) as rule (indicator_id, observed_on, numerator, denominator, detail)
    where rule.numerator is not null and rule.observed_on is not null
)

select
    event.*,
    allocation.worker_code,
    allocation.team_code
from event
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'event.child_key', 'event.observed_on') }}
