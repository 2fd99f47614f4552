{{ config(indexes=[{'columns': ['indicator_id', 'level', 'unit_code', 'period_kind', 'period_start']}]) }}
with computed as not materialized (
    select *, null::numeric as median from {{ ref('int_value__sum') }}
    where indicator_id not in (select indicator_id from {{ ref('indicators') }} where made_of is not null)
    union all
    select * from {{ ref('int_value__distinct') }}
    union all
    select *, null from {{ ref('int_value__made') }}
),

indicator as (
    select
        catalogue.*,
        delivered.feed is not null as is_delivered
    from {{ ref('indicators') }} as catalogue
    left join (
        select distinct feed
        from {{ source('ops', 'delivery') }}
        where council = '{{ var("council") }}' and state in ('loaded', 'unchanged')
    ) as delivered using (feed)
    where catalogue.status = 'computed'
),

unit as (
    select 'council' as level, '{{ var("council") }}' as unit_code
    union all
    select distinct 'service', service_code from {{ ref('int_team') }}
    union all
    select 'team', team_code from {{ ref('int_team') }} where not is_service
),

-- No event is a zero, without a breakdown. What only the as-at date knows has no earlier zeros.
grid as (
    select
        indicator.indicator_id, unit.level, unit.unit_code, 'all' as breakdown, 'all' as category,
        period.period_kind, period.period_start
    from indicator
    cross join unit
    cross join {{ ref('int_period') }} as period
    where
        (indicator.kind <> 'rate' or unit.level = 'council')
        and indicator.aggregation <> 'split'
        and (indicator.history = 'full' or period.snapshot_on = {{ as_at() }})
),

filled as (
    select
        indicator_id, level, unit_code, breakdown, category, period_kind, period_start,
        numerator, denominator, median
    from computed
    union all
    select
        grid.indicator_id, grid.level, grid.unit_code, grid.breakdown, grid.category,
        grid.period_kind, grid.period_start, null, null, null
    from grid
    where not exists (
        select 1
        from computed
        where
            computed.breakdown = 'all'
            and computed.indicator_id = grid.indicator_id
            and computed.level = grid.level
            and computed.unit_code = grid.unit_code
            and computed.period_kind = grid.period_kind
            and computed.period_start = grid.period_start
    )
),

measured as (
    select
        filled.*,
        period.period_end,
        period.is_complete,
        period.snapshot_on,
        indicator.kind,
        indicator.timing,
        indicator.is_delivered,
        population.population
    from filled
    inner join indicator using (indicator_id)
    inner join {{ ref('int_period') }} as period using (period_kind, period_start)
    left join {{ ref('int_population') }} as population using (financial_year)
    where
        (indicator.kind <> 'rate' or (filled.level = 'council' and filled.breakdown = 'all'))
        and (indicator.history = 'full' or period.snapshot_on = {{ as_at() }})
),

counted as (
    select
        measured.*,
        case when is_delivered then coalesce(numerator, 0) end as shown_numerator,
        case
            when not is_delivered or kind = 'count' then null
            when kind = 'rate' then population
            else coalesce(denominator, 0)
        end as shown_denominator,
        -- A flow of part of a year is written as if it went on for a year.
        case
            when timing = 'snapshot' or period_kind in ('year', 'rolling_year') then 1
            else 365.0 / (period_end - period_start + 1)
        end as annualised
    from measured
)

select
    '{{ var("council") }}'::text as council,
    indicator_id::text as indicator_id,
    level::text as level,
    unit_code::text as unit_code,
    breakdown::text as breakdown,
    category::text as category,
    period_kind::text as period_kind,
    period_start::date as period_start,
    period_end::date as period_end,
    {{ as_at() }} as as_at,
    shown_numerator::numeric(20, 6) as numerator,
    shown_denominator::numeric(20, 6) as denominator,
    (case
        when kind = 'count' then shown_numerator
        when kind = 'median' then median
        when kind = 'percentage' then 100 * shown_numerator / nullif(shown_denominator, 0)
        when kind = 'mean' then shown_numerator / nullif(shown_denominator, 0)
        when kind = 'rate' then 10000 * annualised * shown_numerator / nullif(shown_denominator, 0)
    end)::numeric(20, 6) as value,
    case
        when not is_delivered then 'no_data'
        when kind <> 'count' and coalesce(shown_denominator, 0) = 0 then 'empty'
        when not is_complete then 'partial'
        else 'ok'
    end::text as status
from counted
