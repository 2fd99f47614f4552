select
    ehcp_active_ehcp_id as active_plan_id,
    ehcp_ehcp_request_id as request_id,
    ehcp_active_ehcp_last_review_date as last_reviewed_on,
    {{ origin('ssd_ehcp_active_plans') }}
from {{ source('raw', 'ssd_ehcp_active_plans') }}
where {{ in_force() }}
