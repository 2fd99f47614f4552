-- What audits, families, the clocks and the caseload say of one team in one quarter, side by side. A measure is high or
-- low where it lies 10 percentage points or more from the council's own, or a fifth for the caseload, and rests on six
-- cases or more. They contradict each other where one is high and the other low; and where performance is low though
-- the caseload is low too, which therefore cannot explain it (our rule).
with compared as (
    select
        own.*,
        whole.value as council_value,
        case
            when own.measure = 'workload' and own.numerator < 6 or own.measure <> 'workload' and own.denominator < 6
                then 'too_few'
            when own.measure = 'workload' and own.value >= 1.2 * whole.value then 'high'
            when own.measure = 'workload' and own.value <= 0.8 * whole.value then 'low'
            when own.measure = 'workload' then 'usual'
            when own.value >= whole.value + 10 then 'high'
            when own.value <= whole.value - 10 then 'low'
            else 'usual'
        end as standing
    from {{ ref('int_triangulation__measure') }} as own
    inner join {{ ref('int_triangulation__measure') }} as whole
        on own.measure = whole.measure and own.period_start = whole.period_start and whole.level = 'council'
),

beside as (
    select
        level,
        unit_code,
        period_start,
        {% for measure in ['audit', 'feedback', 'performance', 'workload'] %}
        max(numerator) filter (where measure = '{{ measure }}') as {{ measure }}_numerator,
        max(denominator) filter (where measure = '{{ measure }}') as {{ measure }}_denominator,
        max(value) filter (where measure = '{{ measure }}') as {{ measure }}_value,
        max(council_value) filter (where measure = '{{ measure }}') as {{ measure }}_council,
        coalesce(max(standing) filter (where measure = '{{ measure }}'), 'none')
            as {{ measure }}_standing{{ ',' if not loop.last }}
        {% endfor %}
    from compared
    group by 1, 2, 3
),

judged as (
    select
        beside.*,
        array_to_string(array[
            case
                when audit_standing = 'high' and performance_standing = 'low' then 'audits high, performance low'
                when audit_standing = 'low' and performance_standing = 'high' then 'audits low, performance high'
            end,
            case
                when audit_standing = 'high' and feedback_standing = 'low' then 'audits high, feedback low'
                when audit_standing = 'low' and feedback_standing = 'high' then 'audits low, feedback high'
            end,
            case
                when feedback_standing = 'high' and performance_standing = 'low' then 'feedback high, performance low'
                when feedback_standing = 'low' and performance_standing = 'high' then 'feedback low, performance high'
            end,
            case
                when performance_standing = 'low' and workload_standing = 'low' then 'performance low, caseload low'
            end
        ], '; ') as contradictions
    from beside
)

select
    '{{ var("council") }}'::text as council,
    judged.level::text as level,
    judged.unit_code::text as unit_code,
    period.period_start::date as period_start,
    period.period_end::date as period_end,
    period.is_complete::boolean as is_complete,
    {{ as_at() }} as as_at,
    judged.audit_numerator::int as audits_good,
    judged.audit_denominator::int as audits_graded,
    judged.audit_value::numeric(20, 6) as percent_audits_good,
    judged.audit_standing::text as audit_standing,
    judged.feedback_numerator::int as feedback_positive,
    judged.feedback_denominator::int as feedback_received,
    judged.feedback_value::numeric(20, 6) as percent_feedback_positive,
    judged.feedback_standing::text as feedback_standing,
    judged.performance_numerator::int as duties_in_time,
    judged.performance_denominator::int as duties_closed,
    judged.performance_value::numeric(20, 6) as percent_duties_in_time,
    judged.performance_standing::text as performance_standing,
    judged.workload_numerator::int as children,
    judged.workload_denominator::numeric(20, 6) as fte,
    judged.workload_value::numeric(20, 6) as children_per_fte,
    judged.workload_standing::text as workload_standing,
    nullif(judged.contradictions, '')::text as contradictions,
    (judged.contradictions <> '')::boolean as is_contradictory
from judged
inner join {{ ref('int_period') }} as period
    on period.period_kind = 'quarter' and judged.period_start = period.period_start
