-- One row an audit. An audit that is not done is `due` in the days before its due date that the council calls soon.
with soon as (
    select max(value) as days
    from {{ ref('stg_framework_threshold') }}
    where threshold = 'due_soon_days'
)

select
    '{{ var("council") }}'::text as council,
    audit.audit_id::text as audit_id,
    audit.child_key::text as child_key,
    audit.audit_type::text as audit_type,
    audit_type.label::text as audit_type_label,
    audit_type.depth::text as depth,
    audit.theme::text as theme,
    theme.label::text as theme_label,
    audit.service_area::text as service_area,
    focus_area.label::text as service_area_label,
    audit.team_code::text as team_code,
    audit.service_code::text as service_code,
    audit.worker_code::text as worker_code,
    audit.auditor_code::text as auditor_code,
    audit.auditor_role::text as auditor_role,
    audit.allocated_on::date as allocated_on,
    audit.due_on::date as due_on,
    audit.completed_on::date as completed_on,
    case
        when audit.completed_on > audit.due_on then 'late'
        when audit.completed_on is not null then 'done'
        when audit.due_on < {{ as_at() }} then 'overdue'
        when audit.due_on > {{ as_at() }} + soon.days::int then 'not_yet_due'
        else 'due'
    end::text as state,
    {{ days_late('audit.due_on', 'audit.completed_on') }}::int as days_late,
    audit.overall_grade::text as overall_grade,
    audit.grade_label::text as grade_label,
    audit.grade_rank::int as grade_rank,
    audit.is_good::boolean as is_good,
    audit.moderated_grade::text as moderated_grade,
    audit.moderated_on::date as moderated_on,
    audit.moderator_code::text as moderator_code,
    audit.is_moderation_agreed::boolean as is_moderation_agreed,
    audit.previous_audit_id::text as previous_audit_id,
    audit.first_audit_id::text as first_audit_id,
    audit.reaudit_no::int as reaudit_no,
    audit.is_reaudit::boolean as is_reaudit,
    audit.grade_movement::text as grade_movement,
    cycle.cycle_state::text as cycle_state,
    cycle.cycle_stage::int as cycle_stage,
    cycle.cycle_month::int as cycle_month,
    cycle.owed_step::text as owed_step,
    cycle.steps::int as steps,
    cycle.steps_owed::int as steps_owed,
    cycle.steps_overdue::int as steps_overdue,
    cycle.overdue_steps::text as overdue_steps,
    audit.is_multi_agency::boolean as is_multi_agency,
    audit.worker_notified_on::date as worker_notified_on,
    audit.feedback_given_on::date as feedback_given_on,
    audit.has_family_feedback::boolean as has_family_feedback,
    {{ as_at() }} as as_at,
    audit.feed::text as feed,
    audit.delivery_id::bigint as delivery_id,
    audit.row_no::int as row_no
from {{ ref('int_audit') }} as audit
cross join soon
left join {{ ref('int_audit__cycle') }} as cycle using (audit_id)
left join {{ ref('stg_framework_audit_type') }} as audit_type on audit.audit_type = audit_type.audit_type
left join {{ ref('stg_framework_theme') }} as theme on audit.theme = theme.theme
left join {{ ref('stg_framework_focus_area') }} as focus_area on audit.service_area = focus_area.focus_area
