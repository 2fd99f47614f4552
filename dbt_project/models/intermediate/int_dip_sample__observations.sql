-- Dip samples: completed, and completed by the day on which they were due.
select
    rule.indicator_id,
    sample.sample_id as case_id,
    null::text as child_key,
    sample.lead_code as worker_code,
    sample.team_code,
    rule.observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    sample.feed,
    sample.delivery_id,
    sample.row_no
from {{ ref('stg_dip_sample') }} as sample
cross join lateral (
    values
    ('DIP-01', sample.completed_on, 1, null::int, sample.result),
    ('DIP-02', sample.due_on, coalesce(sample.completed_on <= sample.due_on, false)::int, 1, null)
) as rule (indicator_id, observed_on, numerator, denominator, detail)
where rule.observed_on <= {{ as_at() }} and rule.numerator is not null
