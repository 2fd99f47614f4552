-- Indicators made of counts that are summed already, so that no case is observed once more for them:
-- `share` their own cases over those of the count; `split` the details of a count, each over its whole; `of_council` a
-- unit's part of the council's count; `total` counts added up.
with made as (
    select catalogue.indicator_id, catalogue.aggregation, part.count_id
    from {{ ref('indicators') }} as catalogue
    cross join lateral string_to_table(catalogue.made_of, ' ') as part (count_id)
    where catalogue.status = 'computed' and catalogue.made_of is not null
),

summed as (
    select indicator_id, level, unit_code, breakdown, category, period_kind, period_start, numerator
    from {{ ref('int_value__sum') }}
    union all
    select indicator_id, level, unit_code, breakdown, category, period_kind, period_start, numerator
    from {{ ref('int_value__distinct') }}
),

whole as (
    select * from summed
    where indicator_id in (select count_id from made)
),

own as (
    select * from summed
    where indicator_id in (select indicator_id from made where aggregation = 'share')
),

unit as (
    select distinct 'service' as level, service_code as unit_code from {{ ref('int_team') }}
    union all
    select 'team', team_code from {{ ref('int_team') }} where not is_service
    union all
    select 'council', '{{ var("council") }}'
)

select
    made.indicator_id, whole.level, whole.unit_code, whole.breakdown, whole.category,
    whole.period_kind, whole.period_start,
    coalesce(own.numerator, 0) as numerator, whole.numerator as denominator
from made
inner join whole on made.count_id = whole.indicator_id and whole.breakdown <> 'detail'
left join own
    on
        made.indicator_id = own.indicator_id
        and whole.level = own.level
        and whole.unit_code = own.unit_code
        and whole.breakdown = own.breakdown
        and whole.category = own.category
        and whole.period_kind = own.period_kind
        and whole.period_start = own.period_start
where made.aggregation = 'share'
union all
select
    made.indicator_id, part.level, part.unit_code, part.breakdown, part.category,
    part.period_kind, part.period_start, part.numerator, whole.numerator as denominator
from made
inner join whole as part on made.count_id = part.indicator_id and part.breakdown = 'detail'
inner join whole
    on
        part.indicator_id = whole.indicator_id
        and whole.breakdown = 'all'
        and part.level = whole.level
        and part.unit_code = whole.unit_code
        and part.period_kind = whole.period_kind
        and part.period_start = whole.period_start
where made.aggregation = 'split'
union all
select
    made.indicator_id, unit.level, unit.unit_code, 'all', 'all',
    whole.period_kind, whole.period_start, coalesce(part.numerator, 0), whole.numerator
from made
inner join whole on made.count_id = whole.indicator_id and whole.breakdown = 'all' and whole.level = 'council'
cross join unit
left join whole as part
    on
        whole.indicator_id = part.indicator_id
        and part.breakdown = 'all'
        and unit.level = part.level
        and unit.unit_code = part.unit_code
        and whole.period_kind = part.period_kind
        and whole.period_start = part.period_start
where made.aggregation = 'of_council'
union all
select
    made.indicator_id, whole.level, whole.unit_code, whole.breakdown, whole.category,
    whole.period_kind, whole.period_start, sum(whole.numerator), null
from made
inner join whole on made.count_id = whole.indicator_id and whole.breakdown <> 'detail'
where made.aggregation = 'total'
group by 1, 2, 3, 4, 5, 6, 7
