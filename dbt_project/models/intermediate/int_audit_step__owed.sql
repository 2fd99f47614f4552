-- One row a step that the framework asks of a first audit, once the event that it follows has happened and the grade
-- that it depends on is known, with its due date. A repeated step has one row a time.
with first_reaudit as (
    select distinct on (previous_audit_id)
        previous_audit_id as audit_id,
        overall_grade
    from {{ ref('int_audit') }}
    where previous_audit_id is not null and completed_on is not null
    order by previous_audit_id, completed_on, audit_id
),

asked as (
    select
        audit.audit_id,
        audit.auditor_code,
        audit.team_code,
        audit.service_code,
        audit.feed,
        audit.delivery_id,
        audit.row_no,
        step.*,
        event.happened_on as from_on,
        case step.grade_basis
            when 'moderated' then audit.moderated_grade
            when 'reaudit' then first_reaudit.overall_grade
            else audit.overall_grade
        end as basis_grade
    from {{ ref('int_audit') }} as audit
    inner join {{ ref('stg_framework_step_audit_type') }} using (audit_type)
    inner join {{ ref('stg_framework_step') }} as step using (step)
    inner join {{ ref('int_audit_step__event') }} as event
        on audit.audit_id = event.audit_id and step.after = event.event
    left join first_reaudit on audit.audit_id = first_reaudit.audit_id
    where not audit.is_reaudit
)

select
    asked.*,
    turn.occurrence,
    {{ add_months(
        limit_end('asked.from_on', 'asked.due_in', 'asked.due_unit', 'step_limit'),
        '(turn.occurrence - 1) * coalesce(asked.repeat_every_months, 0)'
    ) }} as due_on
from asked
left join {{ ref('stg_framework_step_grade') }} as called
    on asked.step = called.step and asked.basis_grade = called.grade
cross join lateral generate_series(1, coalesce(asked.repeat_times, 1)) as turn (occurrence)
{{ join_working_day_limit('step_limit', 'asked.from_on', 'asked.due_in') }}
where not asked.is_conditional or called.grade is not null
