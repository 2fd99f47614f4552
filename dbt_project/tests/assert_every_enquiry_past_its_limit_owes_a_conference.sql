-- S47-10 at the as-at date is part of what clock T03 calls overdue.
select observation.case_id
from {{ ref('fct_observation') }} as observation
left join {{ ref('fct_duty') }} as duty
    on observation.case_id = duty.case_id and duty.clock_id = 'T03' and duty.state = 'overdue'
where
    observation.indicator_id = 'S47-10'
    and observation.observed_on = {{ as_at() }}
    and duty.duty_id is null
