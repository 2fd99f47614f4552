-- The council's own value beside what others published for the latest year that had ended by then; its rank is that
-- of the latest such year with a full league. Published figures are rounded, so that the own value is rounded as they
-- are before it is set against them: what prints alike is alike.
with dated as (
    select * from {{ ref('int_comparison__own') }}
),

area as (
    select
        dated.*, comparison.kind as comparator, comparison.method, comparison.value as comparator_value,
        comparison.n_areas::int as n_areas, null::int as rank, null::int as n_ranked,
        comparison.source, comparison.status,
        dated.published_on as compared_on, round(dated.own_value, dated.decimals) as compared_value
    from dated
    inner join {{ ref('int_comparison__area') }} as comparison
        on dated.benchmark_id = comparison.indicator_id and dated.published_on = comparison.period_end
    where dated.kind <> 'count'
),

ranked as (
    select
        dated.*, 'best_quarter' as comparator, 'published' as method, league.best_quarter as comparator_value,
        league.n_published::int as n_areas,
        1 + (
            select count(*) from unnest(league.others_best_first) as other (value)
            where
                case league.better when 'low' then other.value < own.value else other.value > own.value end
        )::int as rank,
        cardinality(league.others_best_first) + 1 as n_ranked,
        league.source, 'ok' as status, dated.league_on as compared_on, own.value as compared_value
    from dated
    inner join {{ ref('int_comparison__rank') }} as league
        on dated.benchmark_id = league.indicator_id and dated.league_on = league.period_end
    cross join lateral (select round(dated.own_value, league.decimals) as value) as own
    where dated.own_value is not null and dated.kind <> 'count'
),

own_published as (
    select
        dated.*, 'own_published' as comparator, 'published' as method, figure.value,
        (figure.value is not null)::int, null::int, null::int, figure.source, figure.status,
        dated.published_on, round(dated.own_value, dated.decimals)
    from dated
    inner join {{ ref('int_benchmark') }} as figure
        on dated.benchmark_id = figure.indicator_id and dated.published_on = figure.period_end
    inner join {{ source('framework', 'framework_council') }} as council
        on figure.area_code = council.gss_code and council.council = '{{ var("council") }}'
),

previous as (
    select
        dated.*, 'previous_year' as comparator, 'local' as method, before.own_value, 1, null::int, null::int,
        'own figures' as source, 'ok' as status, null::date as compared_on, dated.own_value as compared_value
    from dated
    inner join {{ ref('int_comparison__own') }} as before
        on
            dated.indicator_id = before.indicator_id
            and dated.period_kind = before.period_kind
            and before.period_start = (dated.period_start - interval '1 year')::date
    where before.own_value is not null
),

target as (
    select
        dated.*, 'target' as comparator, aim.kind as method, aim.value, 1, null::int, null::int,
        aim.source, case when aim.is_example then 'example' else 'ok' end as status,
        null::date as compared_on, dated.own_value as compared_value
    from dated
    inner join {{ source('framework', 'framework_target') }} as aim using (indicator_id)
    where aim.council = '{{ var("council") }}'
),

every as (
    select * from area
    union all
    select * from ranked
    union all
    select * from own_published
    union all
    select * from previous
    union all
    select * from target
)

select
    '{{ var("council") }}'::text as council,
    indicator_id::text as indicator_id,
    period_kind::text as period_kind,
    period_start::date as period_start,
    period_end::date as period_end,
    own_value::numeric(20, 6) as own_value,
    own_numerator::numeric(20, 6) as own_numerator,
    own_denominator::numeric(20, 6) as own_denominator,
    comparator::text as comparator,
    method::text as method,
    comparator_value::numeric(20, 6) as comparator_value,
    n_areas::int as n_areas,
    rank::int as rank,
    n_ranked::int as n_ranked,
    case when rank is not null then least(4, 1 + (4 * (rank - 1)) / n_ranked) end::int as quartile,
    compared_on::date as published_period,
    (compared_value - comparator_value)::numeric(20, 6) as difference,
    case
        when better = 'high' then compared_value >= comparator_value
        when better = 'low' then compared_value <= comparator_value
    end::boolean as is_better,
    source::text as source,
    status::text as status
from every
