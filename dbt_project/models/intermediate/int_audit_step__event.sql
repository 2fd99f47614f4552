-- What happened to each first audit, and when: the dates of the audit itself, the steps recorded (by the step's id),
-- and the re-audits of the chain under the id of the step that asks for them, where no step is recorded. The re-audit
-- steps of one stage share a place in the chain, since at most one of them applies.
with reaudit_step as (
    select
        step_audit_type.audit_type,
        step.step,
        dense_rank() over (partition by step_audit_type.audit_type order by step.stage) as reaudit_no
    from {{ ref('stg_framework_step') }} as step
    inner join {{ ref('stg_framework_step_audit_type') }} as step_audit_type using (step)
    where step.is_reaudit
),

event as (
    select audit.audit_id, had.event, had.happened_on, had.worker_code, 1 as preference
    from {{ ref('int_audit') }} as audit
    cross join lateral (
        values
        ('allocated', audit.allocated_on, null),
        ('completed', audit.completed_on, audit.auditor_code),
        ('moderated', audit.moderated_on, audit.moderator_code)
    ) as had (event, happened_on, worker_code)
    where not audit.is_reaudit
    union all
    select audit_id, step, {{ known('done_on') }}, done_by_code, 1
    from {{ ref('stg_audit_step') }}
    union all
    select reaudit.first_audit_id, reaudit_step.step, reaudit.completed_on, reaudit.auditor_code, 2
    from {{ ref('int_audit') }} as reaudit
    inner join reaudit_step using (audit_type, reaudit_no)
)

select distinct on (audit_id, event)
    audit_id,
    event,
    happened_on,
    worker_code
from event
where happened_on is not null
order by audit_id, event, preference, happened_on
