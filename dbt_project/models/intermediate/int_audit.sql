-- One row an audit, observation or re-audit as known at the as-at date, with its place in the chain of re-audits: 0 the
-- first audit, 1 its re-audit, and so on. What a re-audit moved is read against the first audit of the chain.
with recursive audit as (
    select
        audit.*,
        {{ known('audit.completed_on') }} as done_on,
        case when audit.completed_on <= {{ as_at() }} then audit.overall_grade end as grade,
        case
            when greatest(audit.completed_on, audit.moderated_on) <= {{ as_at() }} and audit.moderated_grade is not null
                then audit.moderated_on
        end as settled_on
    from {{ ref('stg_audit') }} as audit
    where coalesce(least(audit.allocated_on, audit.completed_on) <= {{ as_at() }}, true)
),

chain as (
    select audit_id, audit_id as first_audit_id, 0 as reaudit_no
    from audit
    where previous_audit_id is null
    union all
    select audit.audit_id, chain.first_audit_id, chain.reaudit_no + 1
    from chain
    inner join audit on chain.audit_id = audit.previous_audit_id
)

select
    audit.audit_id,
    audit.child_key,
    audit.audit_type,
    audit.theme,
    audit.service_area,
    {{ own_place('audit') }},
    audit.auditor_code,
    audit.auditor_role,
    audit.allocated_on,
    audit.due_on,
    audit.done_on as completed_on,
    audit.grade as overall_grade,
    grade.label as grade_label,
    grade.rank as grade_rank,
    grade.is_good,
    case when audit.settled_on is not null then audit.moderated_grade end as moderated_grade,
    audit.settled_on as moderated_on,
    case when audit.settled_on is not null then audit.moderator_code end as moderator_code,
    case when audit.settled_on is not null then audit.moderated_grade = audit.grade end as is_moderation_agreed,
    audit.previous_audit_id,
    (audit.previous_audit_id is not null) as is_reaudit,
    chain.first_audit_id,
    chain.reaudit_no,
    case
        when chain.reaudit_no = 0 then null
        when grade.rank < first_grade.rank then 'improved'
        when grade.rank = first_grade.rank then 'same'
        when grade.rank > first_grade.rank then 'worse'
    end as grade_movement,
    coalesce(audit.is_multi_agency_flag = 'Y', false) or coalesce(audit_type.is_multi_agency, false) as is_multi_agency,
    {{ known('audit.worker_notified_on') }} as worker_notified_on,
    {{ known('audit.feedback_given_on') }} as feedback_given_on,
    coalesce(audit.family_feedback_flag = 'Y', false) as has_family_feedback,
    audit.feed,
    audit.delivery_id,
    audit.row_no
from audit
left join chain using (audit_id)
left join audit as first_audit on chain.first_audit_id = first_audit.audit_id
left join {{ ref('stg_framework_grade') }} as grade on audit.grade = grade.grade
left join {{ ref('stg_framework_grade') }} as first_grade on first_audit.grade = first_grade.grade
left join {{ ref('stg_framework_audit_type') }} as audit_type on audit.audit_type = audit_type.audit_type
left join {{ ref('int_team') }} as team on audit.team_code = team.team_code
