-- One row a statutory return and collection year (to 31 March) that has been delivered, with the tables that hold rows.
-- `returns_from` is the first day covered by this return and those of the years right before it: what lies before is
-- not known. `population` is that of the mid-year in which the year starts, as in the published rates, and where that
-- is not out yet the latest before it: `is_population_earlier`.
with part as (
    select '903' as return, collection_year, 'episodes' as part from {{ ref('stg_ssda903_episodes') }}
    union
    select '903', collection_year, 'oc2' from {{ ref('stg_ssda903_oc2') }}
    union
    select '903', collection_year, 'oc3' from {{ ref('stg_ssda903_oc3') }}
    union
    select '903', collection_year, 'reviews' from {{ ref('stg_ssda903_reviews') }}
    union
    select '903', collection_year, 'social_workers' from {{ ref('stg_ssda903_sw_episodes') }}
    union
    select 'cin', census_year, 'referrals' from {{ ref('stg_cin_details') }}
),

year as (
    select
        return,
        collection_year::int as collection_year,
        make_date(collection_year::int - 1, 4, 1) as first_on,
        make_date(collection_year::int, 3, 31) as last_on,
        string_agg(part, ' ' order by part) as parts
    from part
    group by return, collection_year
),

run as (
    select
        year.*,
        collection_year - row_number() over (partition by return order by collection_year) as run
    from year
)

select
    run.return, run.collection_year, run.first_on, run.last_on, run.parts,
    min(run.first_on) over (partition by run.return, run.run order by run.collection_year) as returns_from,
    latest.population,
    coalesce(latest.mid_year < run.collection_year - 1, false) as is_population_earlier
from run
left join lateral (
    select population.population, population.mid_year
    from {{ ref('int_population__area') }} as population
    inner join {{ source('framework', 'framework_council') }} as council on population.area_code = council.gss_code
    where council.council = '{{ var("council") }}' and population.mid_year < run.collection_year
    order by population.mid_year desc
    limit 1
) as latest on true
