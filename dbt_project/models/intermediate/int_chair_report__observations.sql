-- Chairs' reports after conferences and reviews: completed in time, minutes sent in time, and what those completed
-- record. The worker is whoever held the case on the day of the meeting.
select
    rule.indicator_id,
    report.report_id as case_id,
    report.child_key,
    allocation.worker_code,
    report.team_code,
    rule.observed_on,
    rule.numerator,
    1 as denominator,
    null as detail,
    report.feed,
    report.delivery_id,
    report.row_no
from {{ ref('int_chair_report') }} as report
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'report.child_key', 'report.meeting_on') }}
cross join lateral (
    values
    ('CHR-01', report.due_on, coalesce(report.completed_on <= report.due_on, false)::int),
    ('CHR-02', report.minutes_due_on, coalesce(report.minutes_sent_on <= report.minutes_due_on, false)::int),
    ('CHR-03', report.completed_on, (report.is_child_view_recorded_flag = 'Y')::int),
    ('CHR-04', report.completed_on, (report.is_parent_view_recorded_flag = 'Y')::int),
    ('CHR-05', report.completed_on, (report.was_report_shared_flag = 'Y')::int)
) as rule (indicator_id, observed_on, numerator)
where rule.observed_on <= {{ as_at() }} and rule.numerator is not null
