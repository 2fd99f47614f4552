-- One row a theme that the programme plans for a period: planned against done.
select
    '{{ var("council") }}'::text as council,
    programme.programme_id::text as programme_id,
    programme.period_kind::text as period_kind,
    programme.period_start::date as period_start,
    programme.period_end::date as period_end,
    programme.period_label::text as period_label,
    programme.is_complete::boolean as is_complete,
    programme.cycle_start::date as cycle_start,
    programme.cycle_end::date as cycle_end,
    programme.theme::text as theme,
    theme.label::text as theme_label,
    theme.focus_area::text as focus_area,
    focus_area.label::text as focus_area_label,
    programme.audit_type::text as audit_type,
    programme.auditor_role::text as auditor_role,
    programme.planned::int as planned,
    programme.allocated::int as allocated,
    programme.done::int as done,
    programme.done_in_time::int as done_in_time,
    programme.graded::int as graded,
    programme.good::int as good,
    {{ as_at() }} as as_at,
    programme.feed::text as feed,
    programme.delivery_id::bigint as delivery_id,
    programme.row_no::int as row_no
from {{ ref('int_audit_programme') }} as programme
left join {{ ref('stg_framework_theme') }} as theme on programme.theme = theme.theme
left join {{ ref('stg_framework_focus_area') }} as focus_area on theme.focus_area = focus_area.focus_area
