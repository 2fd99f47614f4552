-- One published figure an indicator, area and year: the newest delivered file's that has one, else
-- the seed's.
with every_file as (
    select * from {{ ref('int_benchmark__delivered') }}
    union all
    select * from {{ ref('int_benchmark__published') }}
),

-- The seeds: a figure a row, and leagues of all authorities with an indicator and a year to the row.
seeded as (
    select indicator_id, area_code, period_end, value, status, source_id from {{ ref('published_figures') }}
    union all
    select
        league.indicator_id, split_part(pair.text, '=', 1) as area_code, league.period_end,
        split_part(pair.text, '=', 2)::numeric as value, 'ok' as status, league.source_id
    from {{ ref('published_leagues') }} as league
    cross join lateral string_to_table(league.figures, ' ') as pair (text)
),

figure as (
    select
        delivered.indicator_id, delivered.area_code, delivered.period_end,
        case when delivered.status = 'ok' then delivered.value end as value,
        delivered.status, delivered.numerator, delivered.denominator, delivery.file_name as source, delivery.as_at,
        delivered.delivery_id, delivered.row_no, delivered.feed
    from every_file as delivered
    inner join {{ source('ops', 'delivery') }} as delivery using (delivery_id)
    where delivered.value is not null or delivered.status <> 'ok'
    union all
    select
        seed.indicator_id, seed.area_code, seed.period_end,
        seed.value, seed.status, null, null,
        sources.publication || ', ' || sources.file as source, null, null, null, null
    from seeded as seed
    inner join {{ ref('published_sources') }} as sources using (source_id)
)

-- A symbol of the newer file never hides a figure that is published elsewhere.
select distinct on (figure.indicator_id, figure.area_code, figure.period_end)
    figure.indicator_id, figure.area_code, figure.period_end, figure.value, figure.status,
    figure.numerator, figure.denominator, figure.source, figure.delivery_id, figure.row_no, figure.feed,
    area.area_name,
    area.area_type,
    area.region_code
from figure
inner join {{ ref('local_authorities') }} as area using (area_code)
order by
    figure.indicator_id, figure.area_code, figure.period_end, (figure.status <> 'ok'),
    figure.as_at desc nulls last, figure.delivery_id desc nulls last
