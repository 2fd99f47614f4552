-- 4R meetings: held, and held by the day on which they were due. The child and worker are those of the audit.
select
    rule.indicator_id,
    meeting.meeting_id as case_id,
    audit.child_key,
    audit.worker_code,
    meeting.team_code,
    rule.observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    meeting.feed,
    meeting.delivery_id,
    meeting.row_no
from {{ ref('stg_meeting_4r') }} as meeting
left join {{ ref('stg_audit') }} as audit using (audit_id)
cross join lateral (
    values
    ('FOUR-01', meeting.held_on, 1, null::int, null),
    ('FOUR-02', meeting.due_on, coalesce(meeting.held_on <= meeting.due_on, false)::int, 1, null)
) as rule (indicator_id, observed_on, numerator, denominator, detail)
where rule.observed_on <= {{ as_at() }} and rule.numerator is not null
