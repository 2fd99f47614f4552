-- One row a first audit of a type that has steps: where it stands in the council's cycle at the as-at date. The audit
-- itself comes first; then the earliest stage with a step still owed; then what is tracked until its grade is reached.
with stepped as (
    select distinct audit_type
    from {{ ref('stg_framework_step_audit_type') }}
),

step as (
    select
        audit_id,
        count(*) as steps,
        count(*) filter (where done_on is null) as steps_owed,
        count(*) filter (where done_on is null and due_on < {{ as_at() }}) as steps_overdue,
        min(stage) filter (where done_on is null) as owed_stage,
        (array_agg(step order by stage, position, occurrence) filter (where done_on is null))[1] as owed_step,
        string_agg(step_label, '; ' order by stage, position, occurrence)
            filter (where done_on is null and due_on < {{ as_at() }}) as overdue_steps,
        bool_or(is_tracked and reached_on is null) as is_being_tracked
    from {{ ref('int_audit_step') }}
    group by audit_id
)

select
    audit.audit_id,
    case
        when audit.completed_on is null then 'audit_owed'
        when step.steps_owed > 0 then 'steps_owed'
        when step.is_being_tracked then 'tracked'
        else 'finished'
    end as cycle_state,
    case when audit.completed_on is null then 1 else step.owed_stage end as cycle_stage,
    case
        when audit.completed_on is not null then (
            12 * (extract(year from {{ as_at() }}) - extract(year from audit.completed_on))
            + extract(month from {{ as_at() }}) - extract(month from audit.completed_on) + 1
        )::int
    end as cycle_month,
    step.owed_step,
    coalesce(step.steps, 0) as steps,
    coalesce(step.steps_owed, 0) as steps_owed,
    coalesce(step.steps_overdue, 0) as steps_overdue,
    step.overdue_steps
from {{ ref('int_audit') }} as audit
inner join stepped using (audit_type)
left join step using (audit_id)
where not audit.is_reaudit
