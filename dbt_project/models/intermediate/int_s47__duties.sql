-- Clock T03: the initial conference of an enquiry. Where the enquiry ended as needing none, nothing was owed and there
-- is no due date. One that ended as needing a conference, or without an answer, owes it until it is held or the
-- referral is closed (CIN census guide 2023-24, 4.12: pending). An enquiry left open is open, also where its referral
-- has been closed. What was due before the first conference on record says nothing: they were not delivered then.
with first_record as (
    select min(held_on) as first_on
    from {{ ref('stg_ssd_initial_cp_conference') }}
),

owed as (
    select
        enquiry.*,
        case
            when enquiry.conference_held_on is not null or not enquiry.is_ended_as_unnecessary
                then enquiry.conference_due_on
        end as due_on
    from {{ ref('int_s47') }} as enquiry
)

select
    'T03' as clock_id,
    owed.enquiry_id as case_id,
    owed.child_key,
    {{ holder('allocation', 'owed') }},
    owed.started_on as start_on,
    owed.due_on,
    owed.conference_held_on as done_on,
    owed.fell_away_on as ended_on,
    case
        when owed.is_ended_as_unnecessary then 'The enquiry ended without a conference.'
        else 'The referral was closed before the conference was due.'
    end as reason,
    owed.feed,
    owed.delivery_id,
    owed.row_no
from owed
inner join first_record
    on
        owed.due_on is null
        or {{ is_on_record('owed.due_on', 'owed.conference_held_on', 'owed.fell_away_on', 'first_record.first_on') }}
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'owed.child_key', duty_day('owed.conference_held_on', 'owed.fell_away_on')) }}
