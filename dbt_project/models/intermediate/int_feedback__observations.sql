-- One line an indicator. Feedback without a sentiment is received and no more.
select
    rule.indicator_id,
    feedback.feedback_id as case_id,
    feedback.child_key,
    feedback.worker_code,
    feedback.team_code,
    feedback.received_on as observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    feedback.feed,
    feedback.delivery_id,
    feedback.row_no
from {{ ref('int_feedback') }} as feedback
cross join lateral (
    values
    ('FB-01', 1, null::int, feedback.source),
    ('FB-02', (feedback.sentiment = 'positive')::int, 1, null),
    ('FB-03', case when feedback.is_complaint then 1 end, null, null)
) as rule (indicator_id, numerator, denominator, detail)
where rule.numerator is not null
