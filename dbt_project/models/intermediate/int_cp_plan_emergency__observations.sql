-- Children on a child protection plan who were under police protection (L1) or an emergency protection order (L2) in
-- the six months to the day, once each: the plan that began last.
select distinct on (plan.snapshot_on, plan.child_key)
    'CP-18' as indicator_id,
    plan.plan_id as case_id,
    plan.child_key,
    plan.worker_code,
    plan.team_code,
    plan.snapshot_on as observed_on,
    1 as numerator,
    null::int as denominator,
    null as detail,
    plan.feed,
    plan.delivery_id,
    plan.row_no
from {{ ref('int_cp_plan__snapshot') }} as plan
inner join {{ ref('int_cla_legal_status') }} as status
    on
        plan.child_key = status.child_key
        and status.legal_status in ('L1', 'L2')
        and status.started_on <= plan.snapshot_on
        and (status.ended_on is null or status.ended_on > {{ add_months('plan.snapshot_on', -6) }})
order by plan.snapshot_on, plan.child_key, plan.started_on desc, plan.plan_id desc
