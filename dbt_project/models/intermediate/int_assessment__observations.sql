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
        values
        ('ASM-01', 1, null::int, assessment.duration_band),
        ('ASM-03', (assessment.authorised_on <= assessment.due_on)::int, 1, null),
        ('ASM-06', case when not assessment.is_unborn then assessment.is_child_seen::int end, 1, null),
        ('ASM-07', assessment.is_leading_to_support::int, 1, null),
        ('ASM-09', case when assessment.has_disability then 1 end, null, null),
        ('ASM-10', assessment.days_taken_working, 1, null)
    ) as rule (indicator_id, numerator, denominator, detail)
    where assessment.authorised_on is not null and rule.numerator is not null
),

open_case as (
    select
        rule.indicator_id, assessment.assessment_id as case_id, assessment.child_key,
        allocation.worker_code, allocation.team_code, day.snapshot_on as observed_on,
        rule.numerator, null::int as denominator, null::text as detail,
        assessment.feed, assessment.delivery_id, assessment.row_no
    from {{ ref('int_assessment') }} as assessment
    inner join {{ ref('int_snapshot') }} as day
        on {{ open_at('assessment.started_on', 'assessment.authorised_on', 'day.snapshot_on') }}
    left join {{ ref('int_allocation') }} as allocation
        on {{ held_on('allocation', 'assessment.child_key', 'day.snapshot_on') }}
    cross join lateral (
        values
        ('ASM-02', 1),
        ('ASM-05', case when day.snapshot_on > assessment.due_on then 1 end)
    ) as rule (indicator_id, numerator)
    where rule.numerator is not null
)

select * from completed
union all
select * from open_case
