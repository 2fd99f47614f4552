-- One row an education, health and care plan begun by the as-at date, with its child.
select
    plan.plan_id,
    child.child_key,
    plan.started_on,
    {{ known('plan.ceased_on') }} as ended_on,
    plan.feed,
    plan.delivery_id,
    plan.row_no
from {{ ref('stg_ssd_ehcp_named_plan') }} as plan
inner join {{ ref('stg_ssd_ehcp_assessment') }} as assessment on plan.assessment_id = assessment.assessment_id
inner join {{ ref('stg_ssd_ehcp_requests') }} as request on assessment.request_id = request.request_id
inner join {{ ref('stg_ssd_send') }} as child on request.send_id = child.send_id
where plan.started_on <= {{ as_at() }}
