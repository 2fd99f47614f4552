-- One row a section 47 enquiry. Its start is the strategy discussion that began it; the conference, where one is
-- needed, is due within 15 working days of it (Working Together; CIN census guide 2023-24, 4.12). It stays owed until
-- it is held, unless the enquiry ended as needing none, or has ended and its referral is closed. An enquiry that ended
-- without an answer is pending, as in the census.
with enquiry as (
    select
        enquiry_id,
        referral_id,
        child_key,
        started_on,
        {{ known('ended_on') }} as ended_on,
        coalesce(ended_on <= {{ as_at() }} and is_nfa_flag = 'Y', false) as is_ended_as_unnecessary,
        is_nfa_flag,
        {{ earlier_date('child_key', 'started_on') }} as previous_started_on,
        team_code,
        worker_code,
        feed,
        delivery_id,
        row_no
    from {{ ref('stg_ssd_s47_enquiry') }}
    where started_on <= {{ as_at() }}
),

conference as (
    select
        held.conference_id,
        held.enquiry_id,
        held.child_key,
        held.held_on,
        case when coalesce(held.is_transfer_in_flag, 'N') <> 'Y' then coalesce(held.referral_id, named.referral_id) end
            as referral_id
    from {{ ref('stg_ssd_initial_cp_conference') }} as held
    left join enquiry as named using (enquiry_id)
    where held.held_on <= {{ as_at() }}
),

-- A conference answers the enquiry that it names, and every other one of the child that had begun under its referral
-- and was not ended as needing none: they led to one conference.
answer as (
    select enquiry_id, conference_id, held_on, true as is_own
    from conference
    where enquiry_id is not null
    union all
    select enquiry.enquiry_id, conference.conference_id, conference.held_on, false
    from enquiry
    inner join conference using (child_key, referral_id)
    where conference.held_on >= enquiry.started_on and not enquiry.is_ended_as_unnecessary
),

first_answer as (
    select distinct on (enquiry_id) enquiry_id, conference_id, held_on
    from answer
    order by enquiry_id, is_own desc, held_on, conference_id
)

select
    enquiry.*,
    {{ is_within_12_months('enquiry.previous_started_on', 'enquiry.started_on') }} as is_repeat,
    first_answer.conference_id,
    first_answer.held_on as conference_held_on,
    conference_limit.last_on as conference_due_on,
    case
        when enquiry.is_ended_as_unnecessary then enquiry.ended_on
        when enquiry.ended_on is not null and referral.closed_on is not null
            then greatest(enquiry.ended_on, referral.closed_on)
    end as fell_away_on
from enquiry
left join first_answer using (enquiry_id)
left join {{ ref('int_referral') }} as referral on enquiry.referral_id = referral.referral_id
{{ join_working_day_limit('conference_limit', 'enquiry.started_on', 15) }}
