-- The statistical neighbours of each authority: of the delivered model where there is one, else of the seed. Of several
-- models in one place the latest. Neighbourhood is not symmetric.
with area as (
    -- A code of the department that a former authority shares with its successor is the successor's.
    select distinct on (code.code) code.code, area.area_code
    from {{ ref('local_authorities') }} as area
    cross join lateral (values (area.area_code), (area.dfe_code)) as code (code)
    where area.area_type = 'local_authority' and code.code is not null
    order by code.code, area.last_year desc nulls first
),

delivered as (
    select own.area_code, file.rank, other.area_code as neighbour_code, file.model_year, 1 as precedence
    from {{ ref('stg_statistical_neighbour') }} as file
    inner join area as own on file.area_code = own.code
    inner join area as other on file.neighbour_code = other.code
),

every as (
    select * from delivered
    union all
    select area_code, rank, neighbour_code, model_year, 2 from {{ ref('statistical_neighbours') }}
),

ordered as (
    select
        every.*,
        dense_rank() over (partition by area_code order by precedence, model_year desc nulls last) as place
    from every
)

select area_code, rank, neighbour_code, model_year, precedence = 1 as is_delivered
from ordered
where place = 1
