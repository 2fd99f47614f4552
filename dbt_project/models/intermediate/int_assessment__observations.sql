-- Assessments completed, at their authorisation, and assessments open on each snapshot day. One line an indicator; a
-- numerator left empty keeps the assessment out of the indicator.
with completed as (
    select
        rule.indicator_id, assessment.assessment_id as case_id, assessment.child_key,
        assessment.worker_code, assessment.team_code, assessment.authorised_on as observed_on,
        rule.numerator, rule.denominator, rule.detail,
        assessment.feed, assessment.delivery_id, assessment.row_no
    from {{ ref('int_assessment') }} as assessment
    cross join lateral (
        -- Bands of the published table of assessment durations.
        select case
            when assessment.days_taken_working <= 0 then 'same day'
            when assessment.days_taken_working <= 10 then '1-10'
            when assessment.days_taken_working <= 20 then '11-20'
            when assessment.days_taken_working <= 30 then '21-30'
            when assessment.days_taken_working <= 40 then '31-40'
            when assessment.days_taken_working <= 45 then '41-45'
            when assessment.days_taken_working <= 50 then '46-50'
            when assessment.days_taken_working <= 60 then '51-60'
            else '61+'
        end as band
    ) as taken
    cross join lateral (
        values
        ('ASM-01', 1, null::int, taken.band),
        ('ASM-03', (assessment.authorised_on <= assessment.due_on)::int, 1, null),
        ('ASM-06', case when not assessment.is_unborn then assessment.is_child_seen::int end, 1, null),
        ('ASM-07', assessment.is_leading_to_support::int, 1, null),
        ('ASM-10', assessment.days_taken_working, 1, null)
    ) as rule (indicator_id, numerator, denominator, detail)
    where assessment.authorised_on is not null and rule.numerator is not null
),

open_case as (
    select
        rule.indicator_id, assessment.assessment_id as case_id, assessment.child_key,
        allocation.worker_code, allocation.team_code, day.snapshot_on as observed_on,
        rule.numerator, rule.denominator, null::text as detail,
        assessment.feed, assessment.delivery_id, assessment.row_no
    from {{ ref('int_assessment') }} as assessment
    inner join {{ ref('int_snapshot') }} as day
        on {{ open_at('assessment.started_on', 'assessment.authorised_on', 'day.snapshot_on') }}
    left join {{ ref('int_allocation') }} as allocation
        on {{ held_on('allocation', 'assessment.child_key', 'day.snapshot_on') }}
    cross join lateral (
        values
        ('ASM-02', 1, null::int),
        ('ASM-05', (day.snapshot_on > assessment.due_on)::int, 1)
    ) as rule (indicator_id, numerator, denominator)
)

select * from completed
union all
select * from open_case
