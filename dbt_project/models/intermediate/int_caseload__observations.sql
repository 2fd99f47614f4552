select
    'WF-15' as indicator_id,
    child_key || '/' || worker_code as case_id,
    child_key,
    worker_code,
    team_code,
    snapshot_on as observed_on,
    1 as numerator,
    null::int as denominator,
    null as detail,
    feed,
    delivery_id,
    row_no
from {{ ref('int_caseload__snapshot') }}
