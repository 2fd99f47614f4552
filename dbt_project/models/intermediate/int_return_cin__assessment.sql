-- One row an assessment of the year's CIN census. The clock of the first of a referral starts at the referral, that of
-- a later one at its own start (CIN census guide 2023-24, 4.9). Where the referral lies before the returns, an earlier
-- assessment may be unknown: then it is in time, or late, only if it is so by both clocks.
with known as (
    select distinct on (
        year.collection_year, assessment.child_key, assessment.referred_on, assessment.referral_no,
        assessment.started_on, assessment.assessment_no
    )
        year.collection_year, year.first_on, year.last_on, year.returns_from,
        year.collection_year = assessment.census_year as is_listed,
        assessment.child_key, assessment.referred_on, assessment.referral_no,
        assessment.started_on, assessment.assessment_no,
        case when assessment.authorised_on <= year.last_on then assessment.authorised_on end as authorised_on
    from {{ ref('int_return__year') }} as year
    inner join {{ ref('stg_cin_assessment') }} as assessment on year.collection_year >= assessment.census_year
    where year.return = 'cin' and assessment.started_on <= year.last_on
    order by
        year.collection_year, assessment.child_key, assessment.referred_on, assessment.referral_no,
        assessment.started_on, assessment.assessment_no, assessment.census_year desc
),

numbered as (
    select
        known.*,
        row_number() over (
            partition by collection_year, child_key, referred_on, referral_no order by started_on, assessment_no
        ) as place_in_referral
    from known
),

timed as (
    select
        numbered.*,
        from_referral.cum_wd as referral_wd,
        from_start.cum_wd as start_wd,
        coalesce(to_end.cum_wd, to_last.cum_wd) as end_wd,
        case
            when place_in_referral > 1 then false
            when referred_on >= returns_from then true
        end as is_first
    from numbered
    inner join {{ ref('calendar') }} as from_referral on numbered.referred_on = from_referral.calendar_on
    inner join {{ ref('calendar') }} as from_start on numbered.started_on = from_start.calendar_on
    inner join {{ ref('calendar') }} as to_last on numbered.last_on = to_last.calendar_on
    left join {{ ref('calendar') }} as to_end on numbered.authorised_on = to_end.calendar_on
)

select
    timed.*,
    taken.days_taken_working,
    case
        when taken.days_taken_working is not null then taken.days_taken_working <= 45
        when end_wd - referral_wd <= 45 then true
        when end_wd - start_wd > 45 then false
    end as is_in_time,
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
        else 'not known'
    end as duration_band
from timed
cross join lateral (
    select case
        when timed.is_first then end_wd - referral_wd
        when not timed.is_first then end_wd - start_wd
    end as days_taken_working
) as taken
where timed.is_listed
