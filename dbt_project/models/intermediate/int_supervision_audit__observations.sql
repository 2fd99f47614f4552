-- Audits of supervision: graded good or better, as the council's file says which grades are.
select
    rule.indicator_id,
    audit.supervision_audit_id as case_id,
    null::text as child_key,
    audit.worker_code,
    audit.team_code,
    rule.observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    audit.feed,
    audit.delivery_id,
    audit.row_no
from {{ ref('stg_supervision_audit') }} as audit
left join {{ ref('stg_framework_grade') }} as grade on audit.grade = grade.grade
cross join lateral (
    values
    ('SUP-04', audit.completed_on, grade.is_good::int, 1, null)
) as rule (indicator_id, observed_on, numerator, denominator, detail)
where rule.observed_on <= {{ as_at() }} and rule.numerator is not null
