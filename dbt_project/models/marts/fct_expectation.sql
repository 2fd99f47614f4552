-- One row an expectation, window and whoever owes it.
select
    '{{ var("council") }}'::text as council,
    expectation.owed_id::text as owed_id,
    expectation.expectation::text as expectation_id,
    expectation.label::text as label,
    expectation.activity::text as activity,
    expectation.role::text as role,
    expectation.audit_types::text as audit_types,
    expectation.level::text as level,
    {{ own_place('expectation') }},
    expectation.period_start::date as period_start,
    expectation.period_end::date as period_end,
    expectation.expected::int as expected,
    expectation.done::int as done,
    {{ as_at() }} as as_at,
    expectation.is_complete::boolean as is_complete,
    expectation.feed::text as feed,
    expectation.delivery_id::bigint as delivery_id,
    expectation.row_no::int as row_no
from {{ ref('int_expectation') }} as expectation
left join {{ ref('int_team') }} as team on expectation.team_code = team.team_code
