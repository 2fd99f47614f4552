-- One row a step that applies, with when and by whom it was done, or who owes it. Times of a repeated step after the
-- first are recorded as `<step>_2` and so on. A tracked case is audited again until a grade is reached.
with reached as (
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
from {{ ref('int_audit_step__owed') }} as owed
left join {{ ref('int_audit_step__event') }} as done
    on
        owed.audit_id = done.audit_id
        and done.event = owed.step || case when owed.occurrence > 1 then '_' || owed.occurrence else '' end
left join reached on owed.audit_id = reached.audit_id and owed.step = reached.step
left join tracked on owed.step = tracked.step
left join {{ ref('int_audit_step__owner') }} as owner
    on owed.owner_role = owner.role_id and owed.team_code = owner.team_code
