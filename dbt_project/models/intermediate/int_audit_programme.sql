-- One row a theme, audit type and auditor's role that the programme plans for a period that has begun, with the audits
-- allocated to it in that period, and the programme's cycle that the period begins in. Re-audits belong to no theme.
with cycle as (
    select
        max(value) filter (where setting = 'programme_starts_on')::date as starts_on,
        max(value) filter (where setting = 'programme_cycle_months')::int as months
    from {{ ref('stg_framework_setting') }}
),

cycles as (
    select begins.at::date as cycle_start, {{ add_months('begins.at', 'cycle.months') }} - 1 as cycle_end
    from cycle
    cross join lateral generate_series(
        cycle.starts_on, {{ as_at() }}, make_interval(months => cycle.months)
    ) as begins (at)
)

select
    programme.programme_id,
    period.period_kind,
    period.period_start,
    period.period_end,
    period.label as period_label,
    period.is_complete,
    cycles.cycle_start,
    cycles.cycle_end,
    programme.theme,
    programme.audit_type,
    programme.auditor_role,
    programme.planned,
    count(audit.audit_id)::int as allocated,
    count(audit.completed_on)::int as done,
    (count(*) filter (where audit.completed_on <= audit.due_on))::int as done_in_time,
    (count(*) filter (where audit.is_good))::int as good,
    (count(audit.grade_rank))::int as graded,
    programme.feed,
    programme.delivery_id,
    programme.row_no
from {{ ref('stg_audit_programme') }} as programme
inner join {{ ref('int_period') }} as period
    on programme.period_label = period.label and period.period_kind in ('month', 'quarter', 'year')
left join cycles on period.period_start between cycles.cycle_start and cycles.cycle_end
left join {{ ref('int_audit') }} as audit
    on
        programme.theme = audit.theme
        and programme.audit_type = audit.audit_type
        and coalesce(programme.auditor_role, audit.auditor_role) = audit.auditor_role
        and coalesce(audit.allocated_on, audit.completed_on) between period.period_start and period.period_end
        and not audit.is_reaudit
group by
    programme.programme_id, period.period_kind, period.period_start, period.period_end, period.label,
    period.is_complete, cycles.cycle_start, cycles.cycle_end, programme.theme, programme.audit_type,
    programme.auditor_role, programme.planned, programme.feed, programme.delivery_id, programme.row_no
