select
    ehcr_ehcp_request_id as request_id,
    ehcr_send_table_id as send_id,
    ehcr_ehcp_req_date as requested_on,
    ehcr_ehcp_req_outcome_date as decided_on,
    {{ origin('ssd_ehcp_requests') }}
from {{ source('raw', 'ssd_ehcp_requests') }}
where {{ in_force() }}
