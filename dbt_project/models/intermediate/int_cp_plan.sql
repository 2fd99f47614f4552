-- One row a child protection plan of the council's own children: a temporary plan for another authority's child is
-- left out of every figure (Annex A, list 7).
select
    plan_id,
    child_key,
    started_on,
    {{ known('ended_on') }} as ended_on,
    initial_category,
    latest_category,
    -- An earlier plan however long ago, of this council (local authority interactive tool, measure 15).
    ({{ earlier_date('child_key', 'started_on') }} is not null) as is_second_or_later,
    feed,
    delivery_id,
    row_no
from {{ ref('stg_ssd_cp_plans') }}
where started_on <= {{ as_at() }} and coalesce(is_other_authority_flag, 'N') <> 'Y'
