-- A first core group that CP-14 counts as in time is a duty met on the list, and no other is.
select observation.case_id
from {{ ref('int_cp_plan_core_group__observations') }} as observation
inner join {{ ref('fct_duty') }} as duty on duty.clock_id = 'T06' and observation.case_id = duty.case_id
where (observation.numerator = 1) <> (duty.state = 'met')
