-- Focus groups: held, who came of those invited, and whether the group was told what came of what it said.
select
    rule.indicator_id,
    meeting.focus_group_id as case_id,
    null::text as child_key,
    null::text as worker_code,
    meeting.team_code,
    rule.observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    meeting.feed,
    meeting.delivery_id,
    meeting.row_no
from {{ ref('stg_focus_group') }} as meeting
cross join lateral (
    values
    ('FB-04', meeting.held_on, 1, null::int, meeting.respondent),
    ('FB-05', meeting.held_on, case when meeting.invited > 0 then meeting.attended end, meeting.invited, null),
    ('FB-06', meeting.held_on, coalesce(meeting.answered_on <= {{ as_at() }}, false)::int, 1, null)
) as rule (indicator_id, observed_on, numerator, denominator, detail)
where rule.observed_on <= {{ as_at() }} and rule.numerator is not null
