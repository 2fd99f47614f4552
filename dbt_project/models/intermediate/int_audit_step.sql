-- One row a step that the framework asks of a first audit, once the event that it follows has happened and the grade
-- that it depends on is known. A repeated step has one row a time; times after the first are recorded as `<step>_2` and
-- so on.
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
    inner join {{ ref('stg_framework_step_audit_type') }} as step_audit_type using (audit_type)
    inner join {{ ref('stg_framework_step') }} as step using (step)
    inner join {{ ref('int_audit_step__event') }} as event
        on audit.audit_id = event.audit_id and step.after = event.event
    left join first_reaudit on audit.audit_id = first_reaudit.audit_id
    where not audit.is_reaudit
),

owed as (
    select
        asked.*,
        turn.occurrence,
        {{ add_months(
            limit_end('asked.from_on', 'asked.due_in', 'asked.due_unit', 'step_limit'),
            '(turn.occurrence - 1) * coalesce(asked.repeat_every_months, 0)'
        ) }} as due_on
    from asked
    left join {{ ref('stg_framework_step_grade') }} as called on asked.step = called.step and asked.basis_grade = called.grade
    cross join lateral generate_series(1, coalesce(asked.repeat_times, 1)) as turn (occurrence)
    {{ join_working_day_limit('step_limit', 'asked.from_on', 'asked.due_in') }}
    where not asked.is_conditional or called.grade is not null
),

reached as (
    select reaudit.first_audit_id as audit_id, until.step, min(reaudit.completed_on) as reached_on
    from {{ ref('int_audit') }} as reaudit
    inner join {{ ref('stg_framework_step_track_until') }} as until on reaudit.overall_grade = until.grade
    where reaudit.is_reaudit
    group by 1, 2
),

tracked as (
    select distinct step
    from {{ ref('stg_framework_step_track_until') }}
)

select
    owed.audit_id,
    owed.step,
    owed.occurrence,
    owed.label as step_label,
    owed.stage,
    owed.position,
    owed.owner_role,
    case
        when done.happened_on is not null then done.worker_code
        when owed.by_original_auditor then owed.auditor_code
        else owner.worker_code
    end as owner_code,
    owed.team_code,
    owed.service_code,
    owed.from_on,
    owed.due_on,
    done.happened_on as done_on,
    owed.is_reaudit,
    (tracked.step is not null) as is_tracked,
    reached.reached_on,
    owed.feed,
    owed.delivery_id,
    owed.row_no
from owed
left join {{ ref('int_audit_step__event') }} as done
    on
        owed.audit_id = done.audit_id
        and done.event = owed.step || case when owed.occurrence > 1 then '_' || owed.occurrence else '' end
left join reached on owed.audit_id = reached.audit_id and owed.step = reached.step
left join tracked on owed.step = tracked.step
left join {{ ref('int_audit_step__owner') }} as owner
    on owed.owner_role = owner.role_id and owed.team_code = owner.team_code
