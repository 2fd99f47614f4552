select
    ehca_ehcp_assessment_id as assessment_id,
    ehca_ehcp_request_id as request_id,
    ehca_ehcp_assessment_outcome_date as decided_on,
    ehca_ehcp_assessment_outcome as outcome,
    ehca_ehcp_assessment_exceptions as exceptions,
    {{ origin('ssd_ehcp_assessment') }}
from {{ source('raw', 'ssd_ehcp_assessment') }}
where {{ in_force() }}
