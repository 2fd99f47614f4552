-- Clock L04: the minutes of a child protection conference, by the council's own number of working days.
select
    'L04' as clock_id,
    report.report_id as case_id,
    report.child_key,
    allocation.worker_code,
    allocation.team_code,
    report.meeting_on as start_on,
    report.minutes_due_on as due_on,
    report.minutes_sent_on as done_on,
    null::date as ended_on,
    null as reason,
    report.feed,
    report.delivery_id,
    report.row_no
from {{ ref('int_chair_report') }} as report
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'report.child_key', duty_day('report.minutes_sent_on')) }}
where
    report.minutes_due_on is not null
    and {{ is_listed('report.minutes_due_on', 'report.minutes_sent_on', 'null') }}
