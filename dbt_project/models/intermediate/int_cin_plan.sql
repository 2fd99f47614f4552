-- One row a child in need plan.
select
    plan_id,
    child_key,
    started_on,
    {{ known('ended_on') }} as ended_on,
    team_code,
    worker_code,
    feed,
    delivery_id,
    row_no
from {{ ref('stg_ssd_cin_plans') }}
where started_on <= {{ as_at() }}
