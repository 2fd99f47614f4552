-- AUD-03, at the day an action was due: one not done by then is late, done or not.
select
    'AUD-03' as indicator_id,
    action_id as case_id,
    child_key,
    worker_code,
    team_code,
    due_on as observed_on,
    coalesce(done_on <= due_on, false)::int as numerator,
    1 as denominator,
    null as detail,
    feed,
    delivery_id,
    row_no
from {{ ref('int_audit_action') }}
where due_on <= {{ as_at() }}
