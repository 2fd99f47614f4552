select
    ehcn_named_plan_id as plan_id,
    ehcn_ehcp_asmt_id as assessment_id,
    ehcn_named_plan_start_date as started_on,
    ehcn_named_plan_ceased_date as ceased_on,
    {{ origin('ssd_ehcp_named_plan') }}
from {{ source('raw', 'ssd_ehcp_named_plan') }}
where {{ in_force() }}
