-- One row an assessment. The clock starts at the referral for the first assessment of that referral (Working Together;
-- CIN census guide 2023-24, 4.9). A later one, or one without a referral, has no referral of its own: it is timed from
-- its own start (our rule).
with assessment as (
    select
        assessment_id,
        referral_id,
        child_key,
        started_on,
        {{ known('authorised_on') }} as authorised_on,
        coalesce(child_seen_flag = 'Y', false) as is_child_seen,
        coalesce(is_nfa_flag = 'N', false) as is_leading_to_support,
        row_number() over (partition by referral_id order by started_on, assessment_id) as place_in_referral,
        team_code,
        worker_code,
        feed,
        delivery_id,
        row_no
    from {{ ref('stg_ssd_cin_assessments') }}
    where started_on <= {{ as_at() }}
),

timed as (
    select
        assessment.*,
        case
            when assessment.place_in_referral = 1 then coalesce(referral.referred_on, assessment.started_on)
            else assessment.started_on
        end as clock_start_on
    from assessment
    left join {{ ref('int_referral') }} as referral using (referral_id)
)

select
    timed.*,
    assessment_limit.last_on as due_on,
    taken.days_taken_working,
    -- Bands of the published table of assessment durations.
    case
        when taken.days_taken_working <= 0 then 'same day'
        when taken.days_taken_working <= 10 then '1-10'
        when taken.days_taken_working <= 20 then '11-20'
        when taken.days_taken_working <= 30 then '21-30'
        when taken.days_taken_working <= 40 then '31-40'
        when taken.days_taken_working <= 45 then '41-45'
        when taken.days_taken_working <= 50 then '46-50'
        when taken.days_taken_working <= 60 then '51-60'
        when taken.days_taken_working > 60 then '61+'
    end as duration_band,
    (person.birth_on is null or person.birth_on > timed.authorised_on) as is_unborn,
    coalesce(person.disability = 'yes', false) as has_disability
from timed
left join {{ ref('int_person') }} as person using (child_key)
left join {{ ref('calendar') }} as authorised_day on timed.authorised_on = authorised_day.calendar_on
{{ join_working_day_limit('assessment_limit', 'timed.clock_start_on', 45) }}
cross join lateral (
    select authorised_day.cum_wd - assessment_limit_start.cum_wd as days_taken_working
) as taken
