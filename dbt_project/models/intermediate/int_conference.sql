-- One row an initial child protection conference, held or still to come. The clock starts at the strategy discussion;
-- for a child who moves in on a plan, at the notification, which is the referral's date (CIN census guide 2023-24,
-- 4.8, 4.12). Without either there is no clock.
with conference as (
    select
        conference.conference_id,
        conference.child_key,
        coalesce(conference.is_transfer_in_flag = 'Y', false) as is_transfer_in,
        {{ known('conference.held_on') }} as held_on,
        coalesce(conference.is_plan_made_flag = 'Y', false) as is_plan_made,
        enquiry.started_on as enquired_on,
        referral.referred_on,
        referral.closed_on as referral_closed_on,
        conference.team_code,
        conference.worker_code,
        conference.feed,
        conference.delivery_id,
        conference.row_no
    from {{ ref('stg_ssd_initial_cp_conference') }} as conference
    left join {{ ref('int_s47') }} as enquiry using (enquiry_id)
    left join {{ ref('int_referral') }} as referral on conference.referral_id = referral.referral_id
),

timed as (
    select
        conference.*,
        case when is_transfer_in then referred_on else enquired_on end as clock_start_on
    from conference
)

select
    timed.*,
    conference_limit.last_on as due_on,
    taken.days_taken_working,
    -- Bands of the published table of conference durations; 15 is in time.
    case
        when taken.days_taken_working <= 10 then '0-10'
        when taken.days_taken_working <= 15 then '11-15'
        when taken.days_taken_working <= 20 then '16-20'
        when taken.days_taken_working > 20 then '21+'
    end as duration_band
from timed
left join {{ ref('calendar') }} as held_day on timed.held_on = held_day.calendar_on
{{ join_working_day_limit('conference_limit', 'timed.clock_start_on', 15) }}
cross join lateral (
    select held_day.cum_wd - conference_limit_start.cum_wd as days_taken_working
) as taken
