-- Children aged 0 to 17 by area and mid-year: of the newest delivered estimate, else of the seed. Estimates by age
-- count where all ages, and all or both sexes, are there: a part of the children would make every rate too high.
with part as (
    select
        mid_year, area_code,
        case
            when count(*) = case when is_all then 1 else 2 end * case when is_single then 18 else 1 end
                then sum(persons)
        end as population,
        max(delivery_id) as delivery_id
    from (
        select
            mid_year, area_code, persons, delivery_id,
            sex = 'A' as is_all, age_from = age_to as is_single
        from {{ ref('stg_population_estimate') }}
        where (age_from = 0 and age_to = 17) or (age_from = age_to and age_to between 0 and 17)
    ) as estimate
    group by mid_year, area_code, is_all, is_single
),

every as (
    select mid_year, area_code, population, delivery_id from part
    union all
    select mid_year, area_code, population, delivery_id from {{ ref('stg_population_0_17') }}
    union all
    select extract(year from period_end)::int, area_code, value, delivery_id
    from {{ ref('int_benchmark__published') }}
    where indicator_id = 'POP-01'
    union all
    select mid_year, area_code, population, null from {{ ref('population_0_17') }}
)

select distinct on (area_code, mid_year)
    area_code,
    mid_year,
    population::int as population,
    delivery_id
from every
where population is not null
order by area_code, mid_year, delivery_id desc nulls last
