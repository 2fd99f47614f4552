select
    ehca_ehcp_assessment_id as assessment_id,
    ehca_ehcp_request_id as request_id,
    ehca_ehcp_assessment_outcome_date as decided_on,
    {{ origin('ssd_ehcp_assessment') }}
from {{ source('raw', 'ssd_ehcp_assessment') }}
where {{ in_force() }}
