-- One row a child and period of pre-proceedings begun by the as-at date: from the decision to enter it until it was
-- agreed to step down or to issue proceedings. A family's children have a row each.
select
    pre_proceedings_id,
    child_key,
    decided_on,
    {{ known('ended_on') }} as ended_on,
    feed,
    delivery_id,
    row_no
from {{ ref('stg_ssd_pre_proceedings') }}
where decided_on <= {{ as_at() }}
