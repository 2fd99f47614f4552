-- One row a chair's report after a conference or review that was held. Minutes of a child protection conference are
-- owed within the working days that the council sets.
select
    report.report_id,
    report.child_key,
    report.team_code,
    report.meeting_kind,
    report.meeting_on,
    report.due_on,
    {{ known('report.completed_on') }} as completed_on,
    {{ known('report.minutes_sent_on') }} as minutes_sent_on,
    case
        when report.meeting_kind in ('initial_conference', 'review_conference') then last_day.last_on
    end as minutes_due_on,
    report.was_report_shared_flag,
    report.is_child_view_recorded_flag,
    report.is_parent_view_recorded_flag,
    report.feed,
    report.delivery_id,
    report.row_no
from {{ ref('stg_chair_report') }} as report
{{ join_working_day_limit('last_day', 'report.meeting_on', council_clock('cp_minutes_days')) }}
where report.meeting_on <= {{ as_at() }}
