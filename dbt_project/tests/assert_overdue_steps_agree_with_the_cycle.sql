-- What an audit says is overdue in its cycle is what its steps say.
select audit.audit_id, audit.steps_overdue, count(step.step) as overdue
from {{ ref('fct_audit') }} as audit
left join {{ ref('fct_audit_step') }} as step on audit.audit_id = step.audit_id and step.state = 'overdue'
group by audit.audit_id, audit.steps_overdue
having coalesce(audit.steps_overdue, 0) <> count(step.step)
