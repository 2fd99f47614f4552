-- One row an initial child protection conference held in the year of a CIN census: one of an enquiry, timed from the
-- enquiry, or of a child who moved in on a plan, timed from the referral, which is the notification (CIN census guide
-- 2023-24, 4.8, 4.12). A plan was made where a plan of the child starts on that day (rule 2885).
with conference as (
    select
        collection_year, first_on, child_key, false as is_transfer_in,
        started_on as clock_start_on, conference_held_on as held_on
    from {{ ref('int_return_cin__enquiry') }}
    union
    select collection_year, first_on, child_key, true, referred_on, transfer_conference_on
    from {{ ref('int_return_cin__referral') }}
)

select
    conference.*,
    held_day.cum_wd - start_day.cum_wd as days_taken_working,
    exists(
        select 1 from {{ ref('stg_cin_cp_plan') }} as plan
        where
            plan.census_year = conference.collection_year
            and plan.child_key = conference.child_key
            and plan.plan_started_on = conference.held_on
    ) as is_plan_made
from conference
inner join {{ ref('calendar') }} as start_day on conference.clock_start_on = start_day.calendar_on
inner join {{ ref('calendar') }} as held_day on conference.held_on = held_day.calendar_on
where conference.held_on >= conference.first_on
