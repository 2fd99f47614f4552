-- One row a figure of the CIN census and child, episode or event that counts in it. `numerator` left empty: the case
-- belongs to the figure, but needs an earlier census that is not here.
with referred as (
    select
        referral.collection_year, rule.indicator_id, referral.child_key, referral.referred_on as happened_on,
        rule.numerator::numeric as numerator, rule.denominator, rule.detail
    from {{ ref('int_return_cin__referral') }} as referral
    cross join lateral (
        select left(referral.referral_source, 1) as source
    ) as origin
    cross join lateral (
        values
        ('REF-01', 1, null::int, referral.referral_source),
        ('REF-03', referral.is_rereferral::int, 1, null),
        ('REF-04', referral.is_nfa::int, 1, null),
        ('REF-05', referral.is_not_in_need::int, 1, null),
        ('REF-06p', (referral.referral_source = '6')::int, 1, null),
        ('REF-06s', (origin.source = '2')::int, 1, null),
        ('REF-06h', (origin.source = '3')::int, 1, null),
        ('CIN-03', case when not (referral.is_nfa or referral.is_not_in_need) then 1 end, null, null)
    ) as rule (indicator_id, numerator, denominator, detail)
    where
        referral.referred_on >= referral.first_on
        and (rule.indicator_id <> 'CIN-03' or rule.numerator is not null)
),

-- A child counts once: re-referred at least once, or not known for some referral, or not.
referred_child as (
    select
        collection_year, 'REF-03c', child_key, min(happened_on),
        case when bool_or(numerator = 1) then 1 when bool_and(numerator is not null) then 0 end, 1, null
    from referred
    where indicator_id = 'REF-03'
    group by 1, 3
),

authorised as (
    select distinct census_year, child_key, referred_on, referral_no
    from {{ ref('stg_cin_assessment') }}
    where authorised_on is not null and authorised_on <= make_date(census_year::int, 3, 31)
),

episode as (
    select
        referral.*,
        (referral.closed_on >= referral.first_on) as is_ended,
        {{ need_band('referral.referred_on', 'coalesce(referral.closed_on, referral.last_on)') }} as band,
        exists(
            select 1 from authorised
            where
                authorised.census_year <= referral.collection_year
                and authorised.child_key = referral.child_key
                and authorised.referred_on = referral.referred_on
                and authorised.referral_no = referral.referral_no
        ) as is_assessed,
        exists(
            select 1 from {{ ref('stg_cin_disability') }} as disability
            where
                disability.census_year = referral.collection_year
                and disability.child_key = referral.child_key
                and disability.disability <> 'NONE'
        ) as has_disability
    from {{ ref('int_return_cin__referral') }} as referral
    where not (referral.is_nfa or referral.is_not_in_need)
),

in_need as (
    select
        episode.collection_year, rule.indicator_id, episode.child_key,
        coalesce(episode.closed_on, episode.last_on), rule.numerator, rule.denominator, rule.detail
    from episode
    cross join lateral (
        values
        ('CIN-01', episode.closed_on is null, 1, null::int, episode.primary_need_code),
        ('CIN-05a', episode.closed_on is null, (episode.band = 'a')::int, 1, null),
        ('CIN-05b', episode.closed_on is null, (episode.band = 'b')::int, 1, null),
        ('CIN-05c', episode.closed_on is null, (episode.band = 'c')::int, 1, null),
        ('CIN-05d', episode.closed_on is null, (episode.band = 'd')::int, 1, null),
        ('CIN-05e', episode.closed_on is null, (episode.band = 'e')::int, 1, null),
        -- An assessment from before the returns would not be known.
        (
            'CIN-08', episode.closed_on is null and not episode.is_assessed,
            case when episode.referred_on >= episode.returns_from then 1 end, null, null
        ),
        ('CIN-11', episode.closed_on is null, episode.has_disability::int, 1, null),
        ('CIN-04', episode.is_ended, 1, null, episode.close_reason),
        ('CIN-06a', episode.is_ended, (episode.band = 'a')::int, 1, null),
        ('CIN-06b', episode.is_ended, (episode.band = 'b')::int, 1, null),
        ('CIN-06c', episode.is_ended, (episode.band = 'c')::int, 1, null),
        ('CIN-06d', episode.is_ended, (episode.band = 'd')::int, 1, null),
        ('CIN-06e', episode.is_ended, (episode.band = 'e')::int, 1, null),
        ('CIN-07', episode.closed_on is null or episode.is_ended, 1, null, null)
    ) as rule (indicator_id, is_in_cohort, numerator, denominator, detail)
    where rule.is_in_cohort
),

assessed as (
    select
        assessment.collection_year, rule.indicator_id, assessment.child_key,
        coalesce(assessment.authorised_on, assessment.last_on), rule.numerator, rule.denominator, rule.detail
    from {{ ref('int_return_cin__assessment') }} as assessment
    cross join lateral (
        select coalesce(assessment.authorised_on >= assessment.first_on, false) as is_done
    ) as state
    cross join lateral (
        values
        ('ASM-01', state.is_done, 1, null::int, assessment.duration_band),
        ('ASM-03', state.is_done, assessment.is_in_time::int, 1, null),
        ('ASM-02', assessment.authorised_on is null, 1, null, null),
        ('ASM-05', assessment.authorised_on is null, (not assessment.is_in_time)::int, 1, null)
    ) as rule (indicator_id, is_in_cohort, numerator, denominator, detail)
    where rule.is_in_cohort
),

factor as (
    select
        assessment.collection_year, 'ASM-08', assessment.child_key, assessment.authorised_on, 1, null::int,
        found.factor
    from {{ ref('int_return_cin__assessment') }} as assessment
    inner join {{ ref('stg_cin_assessment_factor') }} as found
        on
            assessment.collection_year = found.census_year
            and assessment.child_key = found.child_key
            and assessment.referred_on = found.referred_on
            and assessment.referral_no = found.referral_no
            and assessment.started_on = found.started_on
            and assessment.assessment_no = found.assessment_no
    where assessment.authorised_on >= assessment.first_on
),

enquired as (
    select
        enquiry.collection_year, rule.indicator_id, enquiry.child_key, enquiry.started_on,
        rule.numerator, rule.denominator, null
    from {{ ref('int_return_cin__enquiry') }} as enquiry
    cross join lateral (
        values
        ('S47-01', enquiry.started_on >= enquiry.first_on, 1, null::int),
        (
            'S47-03', enquiry.started_on >= enquiry.first_on and enquiry.conference_due_on < enquiry.last_on,
            (enquiry.conference_held_on is not null)::int, 1
        ),
        (
            'S47-04',
            enquiry.started_on >= enquiry.first_on
            and (enquiry.is_conference_unnecessary or enquiry.conference_held_on is not null),
            (enquiry.conference_held_on is null)::int, 1
        ),
        ('S47-05', enquiry.started_on >= enquiry.first_on, enquiry.is_repeat::int, 1),
        (
            'S47-10',
            enquiry.started_on >= enquiry.first_on
            and enquiry.conference_due_on < enquiry.last_on
            and not enquiry.is_conference_unnecessary
            and enquiry.conference_held_on is null,
            1, null
        )
    ) as rule (indicator_id, is_in_cohort, numerator, denominator)
    where rule.is_in_cohort
),

conferred as (
    select
        conference.collection_year, rule.indicator_id, conference.child_key, conference.held_on,
        rule.numerator, rule.denominator, rule.detail
    from {{ ref('int_return_cin__conference') }} as conference
    cross join lateral (
        select
            (conference.days_taken_working <= 15)::int as is_in_time,
            case
                when conference.days_taken_working <= 10 then '0-10'
                when conference.days_taken_working <= 15 then '11-15'
                when conference.days_taken_working <= 20 then '16-20'
                else '21+'
            end as band
    ) as taken
    cross join lateral (
        values
        ('S47-06', true, 1, null::int, null),
        ('S47-07', true, taken.is_in_time, 1, null),
        ('S47-07x', not conference.is_transfer_in, taken.is_in_time, 1, null),
        ('S47-08a', taken.band = '0-10', 1, null, null),
        ('S47-08b', taken.band = '11-15', 1, null, null),
        ('S47-08c', taken.band = '16-20', 1, null, null),
        ('S47-08d', taken.band = '21+', 1, null, null),
        ('S47-09', true, conference.is_plan_made::int, 1, null)
    ) as rule (indicator_id, is_in_cohort, numerator, denominator, detail)
    where rule.is_in_cohort
),

protected as (
    select
        plan.collection_year, rule.indicator_id, plan.child_key, rule.happened_on,
        rule.numerator, rule.denominator, rule.detail
    from {{ ref('int_return_cin__plan') }} as plan
    cross join lateral (
        select
            plan.ended_on is null as is_open,
            plan.started_on >= plan.first_on as is_started,
            coalesce(plan.ended_on >= plan.first_on, false) as is_ended,
            -- Bands of the published table; the fifth is CP-08: more than 729 days, the day of ending counted.
            case
                when plan.last_on <= {{ add_months('plan.started_on', 3) }} then 'a'
                when plan.last_on <= {{ add_months('plan.started_on', 6) }} then 'b'
                when plan.last_on < {{ add_months('plan.started_on', 12) }} then 'c'
                when plan.days_open <= 729 then 'd'
                else 'e'
            end as band
    ) as state
    cross join lateral (
        values
        ('CP-01', state.is_open, plan.last_on, 1, null::int, plan.latest_category),
        ('CP-07a', state.is_open, plan.last_on, (state.band = 'a')::int, 1, null),
        ('CP-07b', state.is_open, plan.last_on, (state.band = 'b')::int, 1, null),
        ('CP-07c', state.is_open, plan.last_on, (state.band = 'c')::int, 1, null),
        ('CP-07d', state.is_open, plan.last_on, (state.band = 'd')::int, 1, null),
        ('CP-08', state.is_open, plan.last_on, (plan.days_open > 729)::int, 1, null),
        (
            'CP-10', state.is_open and plan.is_reviewed_in_time is not null, plan.last_on,
            plan.is_reviewed_in_time::int, 1, null
        ),
        ('CP-03', state.is_started, plan.started_on, 1, null, plan.initial_category),
        ('CP-06', state.is_started, plan.started_on, (plan.earlier_plans > 0)::int, 1, null),
        ('CP-05', state.is_ended, plan.ended_on, 1, null, null),
        ('CP-09', state.is_ended, plan.ended_on, (plan.days_on_plan > 729)::int, 1, null),
        (
            'CP-16', state.is_ended, plan.ended_on,
            (plan.ended_on <= {{ add_months('plan.started_on', 3) }})::int, 1, null
        )
    ) as rule (indicator_id, is_in_cohort, happened_on, numerator, denominator, detail)
    where rule.is_in_cohort
)

select * from referred
union all
select * from referred_child
union all
select * from in_need
union all
select * from assessed
union all
select * from factor
union all
select * from enquired
union all
select * from conferred
union all
select * from protected
