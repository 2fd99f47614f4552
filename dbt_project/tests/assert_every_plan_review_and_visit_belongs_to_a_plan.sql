-- A review or visit of a plan that was not delivered, or was rejected, reaches no figure: the people who mend records
-- should know. It holds up no build.
{{ config(severity='warn') }}
select
    event.feed,
    event.delivery_id,
    event.row_no
from (
    select plan_id, feed, delivery_id, row_no from {{ ref('stg_ssd_cp_reviews') }}
    union all
    select plan_id, feed, delivery_id, row_no from {{ ref('stg_ssd_cp_visits') }}
) as event
left join {{ ref('stg_ssd_cp_plans') }} as plan using (plan_id)
where plan.plan_id is null
