-- Clock T04: the conference of a child who moved in on a plan. The enquiries' conferences are clock T03.
select
    'T04' as clock_id,
    conference.conference_id as case_id,
    conference.child_key,
    {{ holder('allocation', 'conference') }},
    conference.clock_start_on as start_on,
    conference.due_on,
    conference.held_on as done_on,
    conference.referral_closed_on as ended_on,
    'The referral was closed before the conference was due.' as reason,
    conference.feed,
    conference.delivery_id,
    conference.row_no
from {{ ref('int_conference') }} as conference
left join {{ ref('int_allocation') }} as allocation
    on
        {{ held_on(
            'allocation', 'conference.child_key', duty_day('conference.held_on', 'conference.referral_closed_on')
        ) }}
where conference.is_transfer_in and conference.clock_start_on is not null
