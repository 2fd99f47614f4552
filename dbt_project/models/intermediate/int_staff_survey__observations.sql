-- Answers of staff, each once: their mean, and those that agree (4 or 5 of 5). Nobody's name or number is in the feed.
select
    rule.indicator_id,
    answer.response_id || '/' || answer.question as case_id,
    null::text as child_key,
    null::text as worker_code,
    answer.team_code,
    rule.observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    answer.feed,
    answer.delivery_id,
    answer.row_no
from {{ ref('stg_staff_survey') }} as answer
cross join lateral (
    values
    ('STF-01', answer.answered_on, answer.score, 1, answer.question),
    ('STF-02', answer.answered_on, (answer.score >= 4)::int, 1, answer.question)
) as rule (indicator_id, observed_on, numerator, denominator, detail)
where rule.observed_on <= {{ as_at() }} and rule.numerator is not null
