-- Clock T03: the initial conference of an enquiry. Where the enquiry ended as needing none, nothing was owed and there
-- is no due date. One that ended as needing a conference, or without an answer, owes it until it is held or the
-- referral is closed (CIN census guide 2023-24, 4.12: pending). An enquiry left open is open, also where its referral
-- has been closed.
select
    'T03' as clock_id,
    enquiry.enquiry_id as case_id,
    enquiry.child_key,
    {{ holder('allocation', 'enquiry') }},
    enquiry.started_on as start_on,
    case
        when enquiry.conference_held_on is not null or not enquiry.is_ended_as_unnecessary
            then enquiry.conference_due_on
    end as due_on,
    enquiry.conference_held_on as done_on,
    enquiry.fell_away_on as ended_on,
    case
        when enquiry.is_ended_as_unnecessary then 'The enquiry ended without a conference.'
        else 'The referral was closed before the conference was due.'
    end as reason,
    enquiry.feed,
    enquiry.delivery_id,
    enquiry.row_no
from {{ ref('int_s47') }} as enquiry
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'enquiry.child_key', duty_day('enquiry.conference_held_on', 'enquiry.fell_away_on')) }}
