-- An ungraded audit is counted and no more. A re-audit moves against the first audit of its chain, where both are
-- graded.
select
    rule.indicator_id,
    audit.audit_id as case_id,
    audit.child_key,
    audit.worker_code,
    audit.team_code,
    rule.observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    audit.feed,
    audit.delivery_id,
    audit.row_no
from {{ ref('int_audit') }} as audit
cross join lateral (
    values
    ('AUD-01', audit.completed_on, 1, null::int, audit.overall_grade),
    ('AUD-02', audit.completed_on, audit.is_good::int, 1, null),
    ('AUD-05', audit.moderated_on, audit.is_moderation_agreed::int, 1, null),
    ('AUD-06', audit.completed_on, (audit.grade_movement = 'improved')::int, 1, null),
    (
        'AUD-07', case when audit.worker_code <> 'unallocated' then audit.completed_on end,
        coalesce(audit.worker_notified_on <= audit.completed_on, false)::int, 1, null
    ),
    (
        'AUD-08', case when audit.worker_code <> 'unallocated' then audit.completed_on end,
        (audit.feedback_given_on is not null)::int, 1, null
    ),
    (
        'AUD-09', case when audit.child_key is not null then audit.completed_on end,
        audit.has_family_feedback::int, 1, null
    )
) as rule (indicator_id, observed_on, numerator, denominator, detail)
where rule.numerator is not null and rule.observed_on is not null
