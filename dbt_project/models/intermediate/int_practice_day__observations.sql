-- Days that managers spend in practice, of the practice fortnight, and visits of leaders, in the team visited: held,
-- and held of those planned.
select
    rule.indicator_id,
    day.practice_day_id as case_id,
    null::text as child_key,
    day.worker_code,
    day.team_code,
    rule.observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    day.feed,
    day.delivery_id,
    day.row_no
from {{ ref('stg_practice_day') }} as day
cross join lateral (
    values
    ('PD-01', day.held_on, 1, null::int, day.kind),
    ('PD-02', day.planned_on, coalesce(day.held_on <= {{ as_at() }}, false)::int, 1, null)
) as rule (indicator_id, observed_on, numerator, denominator, detail)
where rule.observed_on <= {{ as_at() }} and rule.numerator is not null
