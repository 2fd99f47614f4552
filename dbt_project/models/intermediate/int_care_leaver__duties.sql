-- Clock T13_review: the next review of a pathway plan, six months after the last (Care Leavers Regulations 2010,
-- reg 7). The feed holds the last review alone, so every duty is open, and a plan never reviewed has none.
select
    'T13_review' as clock_id,
    care_leaver_id as case_id,
    child_key,
    worker_code,
    team_code,
    pathway_plan_reviewed_on as start_on,
    {{ add_months('pathway_plan_reviewed_on', 6) }} as due_on,
    null::date as done_on,
    null::date as ended_on,
    null as reason,
    feed,
    delivery_id,
    row_no
from {{ ref('int_care_leaver') }}
where pathway_plan_reviewed_on is not null
