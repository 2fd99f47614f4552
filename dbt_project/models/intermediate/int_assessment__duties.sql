-- Clock T02: an assessment within 45 working days. It stays owed until it is authorised, also where its referral has
-- been closed meanwhile: an assessment left open is open.
select
    'T02' as clock_id,
    assessment.assessment_id as case_id,
    assessment.child_key,
    {{ holder('allocation', 'assessment') }},
    assessment.clock_start_on as start_on,
    assessment.due_on,
    assessment.authorised_on as done_on,
    null::date as ended_on,
    null::text as reason,
    assessment.feed,
    assessment.delivery_id,
    assessment.row_no
from {{ ref('int_assessment') }} as assessment
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'assessment.child_key', duty_day('assessment.authorised_on')) }}
