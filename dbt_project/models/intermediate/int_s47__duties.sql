-- Clock T03: the initial conference of an enquiry. An enquiry that ended without one found it unnecessary: nothing was
-- owed, so it has no due date.
select
    'T03' as clock_id,
    enquiry.enquiry_id as case_id,
    enquiry.child_key,
    {{ holder('allocation', 'enquiry') }},
    enquiry.started_on as start_on,
    case when enquiry.conference_held_on is not null or enquiry.ended_on is null then enquiry.conference_due_on end
        as due_on,
    enquiry.conference_held_on as done_on,
    enquiry.ended_on,
    'The enquiry ended without a conference.' as reason,
    enquiry.feed,
    enquiry.delivery_id,
    enquiry.row_no
from {{ ref('int_s47') }} as enquiry
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'enquiry.child_key', duty_day('enquiry.conference_held_on', 'enquiry.ended_on')) }}
