{{ config(indexes=[{'columns': ['level', 'unit_code', 'period_kind', 'period_start']}]) }}
-- Weeks and months of each unit that held a case. What came before the first period is its opening balance.
with period as (
    select
        *,
        min(period_start) over (partition by period_kind) as first_start
    from {{ ref('int_period') }}
    where period_kind in ('week', 'month')
),

bounds as (
    select period_kind, first_start, max(period_end) as last_end
    from period
    group by 1, 2
),

bucket as (
    select
        bounds.period_kind,
        event.level,
        event.unit_code,
        case
            when event.event_on < bounds.first_start then bounds.first_start - 1
            else date_trunc(bounds.period_kind, event.event_on::timestamp)::date
        end as period_start,
        count(*) filter (where event.event = 'opened') as opened,
        count(*) filter (where event.event = 'transfer_in') as transferred_in,
        count(*) filter (where event.event = 'closed') as closed,
        count(*) filter (where event.event = 'transfer_out') as transferred_out,
        sum(event.added) as added
    from {{ ref('int_flow__event') }} as event
    inner join bounds on event.event_on <= bounds.last_end
    group by 1, 2, 3, 4
),

unit as (
    select distinct level, unit_code from bucket
),

grid as (
    select unit.level, unit.unit_code, period.period_kind, period.period_start, period.period_end, period.is_complete
    from unit
    cross join period
    union all
    select unit.level, unit.unit_code, bounds.period_kind, bounds.first_start - 1, null, null
    from unit
    cross join bounds
),

run as (
    select
        grid.*,
        coalesce(bucket.opened, 0) as opened,
        coalesce(bucket.transferred_in, 0) as transferred_in,
        coalesce(bucket.closed, 0) as closed,
        coalesce(bucket.transferred_out, 0) as transferred_out,
        sum(coalesce(bucket.added, 0)) over (
            partition by grid.level, grid.unit_code, grid.period_kind order by grid.period_start
        ) as open_at_end
    from grid
    left join bucket using (level, unit_code, period_kind, period_start)
)

select
    '{{ var("council") }}'::text as council,
    level::text as level,
    unit_code::text as unit_code,
    period_kind::text as period_kind,
    period_start::date as period_start,
    period_end::date as period_end,
    is_complete::boolean as is_complete,
    {{ as_at() }} as as_at,
    (open_at_end - opened - transferred_in + closed + transferred_out)::int as open_at_start,
    opened::int as opened,
    transferred_in::int as transferred_in,
    closed::int as closed,
    transferred_out::int as transferred_out,
    open_at_end::int as open_at_end
from run
where period_end is not null and (open_at_end > 0 or opened + transferred_in + closed + transferred_out > 0)
