-- One row a section 47 enquiry. Its start is the strategy discussion that began it; the conference, where one is
-- needed, is due within 15 working days of it (Working Together; CIN census guide 2023-24, 4.12).
with enquiry as (
    select
        enquiry_id,
        referral_id,
        child_key,
        started_on,
        {{ known('ended_on') }} as ended_on,
        -- Ended without the answer that a conference is needed (Annex A, list 5).
        coalesce(ended_on <= {{ as_at() }} and coalesce(is_nfa_flag, 'Y') = 'Y', false) as is_ended_as_unnecessary,
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
        enquiry_id,
        min(held_on) as first_held_on
    from {{ ref('stg_ssd_initial_cp_conference') }}
    where held_on <= {{ as_at() }}
    group by enquiry_id
)

select
    enquiry.*,
    {{ is_within_12_months('enquiry.previous_started_on', 'enquiry.started_on') }} as is_repeat,
    conference.first_held_on as conference_held_on,
    conference_limit.last_on as conference_due_on
from enquiry
left join conference using (enquiry_id)
{{ join_working_day_limit('conference_limit', 'enquiry.started_on', 15) }}
