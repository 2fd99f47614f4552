-- Children for each full-time equivalent of registered workers who hold a case, agency workers included (children's
-- social work workforce census).
select
    'WF-08' as indicator_id,
    worker_code as case_id,
    null::text as child_key,
    worker_code,
    team_code,
    snapshot_on as observed_on,
    children as numerator,
    fte as denominator,
    null as detail,
    feed,
    delivery_id,
    row_no
from {{ ref('int_worker__snapshot') }}
where is_registered and fte > 0
