-- Children on a child protection plan who are looked after as well, once each: the plan that began last.
select distinct on (plan.snapshot_on, plan.child_key)
    'CP-19' as indicator_id,
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
inner join {{ ref('int_cla__cohort') }} using (snapshot_on, child_key)
order by plan.snapshot_on, plan.child_key, plan.started_on desc, plan.plan_id desc
