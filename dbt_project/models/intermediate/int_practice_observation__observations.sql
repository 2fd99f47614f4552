-- Observations of practice: done, done by the day on which they were due, and graded good or better.
select
    rule.indicator_id,
    observation.observation_id as case_id,
    observation.child_key,
    observation.worker_code,
    observation.team_code,
    rule.observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    observation.feed,
    observation.delivery_id,
    observation.row_no
from {{ ref('stg_practice_observation') }} as observation
left join {{ ref('stg_framework_grade') }} as grade on observation.grade = grade.grade
cross join lateral (
    values
    ('OBS-01', observation.observed_on, 1, null::int, observation.setting),
    ('OBS-02', observation.due_on, coalesce(observation.observed_on <= observation.due_on, false)::int, 1, null),
    ('OBS-03', observation.observed_on, grade.is_good::int, 1, null)
) as rule (indicator_id, observed_on, numerator, denominator, detail)
where rule.observed_on <= {{ as_at() }} and rule.numerator is not null
