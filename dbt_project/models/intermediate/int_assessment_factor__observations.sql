-- Factors of completed assessments (ASM-08), at the assessment's authorisation.
select
    'ASM-08' as indicator_id,
    factor.assessment_id || '/' || factor.factor_code as case_id,
    assessment.child_key,
    assessment.worker_code,
    assessment.team_code,
    assessment.authorised_on as observed_on,
    1 as numerator,
    null::int as denominator,
    factor.factor_code as detail,
    factor.feed,
    factor.delivery_id,
    factor.row_no
from {{ ref('int_assessment_factor') }} as factor
inner join {{ ref('int_assessment') }} as assessment using (assessment_id)
where assessment.authorised_on is not null
