-- Moderations of audits: done by the day on which they were due, and settled where the two grades differ. The child,
-- worker and team are those of the audit.
select
    rule.indicator_id,
    moderation.moderation_id as case_id,
    audit.child_key,
    audit.worker_code,
    audit.team_code,
    rule.observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    moderation.feed,
    moderation.delivery_id,
    moderation.row_no
from {{ ref('stg_moderation') }} as moderation
left join {{ ref('stg_audit') }} as audit using (audit_id)
cross join lateral (
    values
    ('MOD-01', moderation.due_on, coalesce(moderation.moderated_on <= moderation.due_on, false)::int, 1, null::text),
    (
        'MOD-02', moderation.moderated_on,
        case
            when moderation.first_grade <> moderation.moderated_grade
                then coalesce(moderation.settled_on <= {{ as_at() }}, false)::int
        end, 1, null
    )
) as rule (indicator_id, observed_on, numerator, denominator, detail)
where rule.observed_on <= {{ as_at() }} and rule.numerator is not null
