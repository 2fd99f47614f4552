-- Children aged 0 to 17 by financial year: the mid-year estimate of the year in which it starts, as
-- in the published rates of the year to 31 March; the latest published one where that is not out yet.
with published as (
    select population.mid_year, population.population
    from {{ ref('int_population__area') }} as population
    inner join {{ source('framework', 'framework_council') }} as council on population.area_code = council.gss_code
    where council.council = '{{ var("council") }}'
),

years as (
    select distinct financial_year from {{ ref('int_period') }}
)

select distinct on (years.financial_year)
    years.financial_year,
    published.mid_year,
    published.population
from years
inner join published on published.mid_year <= years.financial_year
order by years.financial_year, published.mid_year desc
