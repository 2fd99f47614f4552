-- ESC-01: the alert itself, not the concern that comes before it.
select
    'ESC-01' as indicator_id,
    escalation_id as case_id,
    child_key,
    worker_code,
    team_code,
    alert_on as observed_on,
    1 as numerator,
    null::int as denominator,
    null as detail,
    feed,
    delivery_id,
    row_no
from {{ ref('int_escalation') }}
where alert_on is not null
