-- The chains of reviews and visits neither lose an open plan nor double it on any snapshot day.
with expected as (
    select
        plan.plan_id,
        day.snapshot_on
    from {{ ref('int_cp_plan') }} as plan
    inner join {{ ref('int_snapshot') }} as day
        on {{ open_at('plan.started_on', 'plan.ended_on', 'day.snapshot_on') }}
    union all
    select
        plan.plan_id,
        day.snapshot_on
    from {{ ref('int_cin_plan') }} as plan
    inner join {{ ref('int_snapshot') }} as day
        on {{ open_at('plan.started_on', 'plan.ended_on', 'day.snapshot_on') }}
),

found as (
    select
        plan_id,
        snapshot_on
    from {{ ref('int_cp_plan__snapshot') }}
    union all
    select
        plan_id,
        snapshot_on
    from {{ ref('int_cin_plan__snapshot') }}
)

(select * from expected except all select * from found)
union all
(select * from found except all select * from expected)
