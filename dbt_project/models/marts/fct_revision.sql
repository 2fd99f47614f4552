{{ config(materialized='view') }}
-- Figures that a later build changed. A figure that had been nought was not on record: it is revised from nought.
select
    changed.council::text as council,
    changed.indicator_id::text as indicator_id,
    changed.level::text as level,
    changed.unit_code::text as unit_code,
    changed.period_kind::text as period_kind,
    changed.period_start::date as period_start,
    changed.period_end::date as period_end,
    previous.as_at::date as known_before_on,
    build.as_at::date as known_on,
    changed.run_id::text as run_id,
    coalesce(earlier.numerator, 0)::numeric(20, 6) as numerator_before,
    (case when earlier.run_id is null then changed.denominator * 0 else earlier.denominator end)::numeric(20, 6)
        as denominator_before,
    earlier.value::numeric(20, 6) as value_before,
    changed.numerator::numeric(20, 6) as numerator,
    changed.denominator::numeric(20, 6) as denominator,
    changed.value::numeric(20, 6) as value,
    (changed.value - earlier.value)::numeric(20, 6) as change,
    cause.cause::text as cause,
    cause.deliveries::bigint[] as deliveries,
    (changed.replaced_by is null)::boolean as is_latest
from {{ source('history', 'figure_history') }} as changed
inner join {{ source('history', 'figure_build') }} as build on changed.run_id = build.run_id
inner join {{ source('history', 'figure_build') }} as previous on build.previous_run_id = previous.run_id
left join {{ source('history', 'figure_history') }} as earlier
    on
        earlier.replaced_by = changed.run_id
        and earlier.indicator_id = changed.indicator_id
        and earlier.level = changed.level
        and earlier.unit_code = changed.unit_code
        and earlier.period_kind = changed.period_kind
        and earlier.period_start = changed.period_start
left join {{ source('history', 'figure_cause') }} as cause
    on changed.run_id = cause.run_id and changed.indicator_id = cause.indicator_id
where not changed.is_first and changed.council = '{{ var("council") }}'
