select
    mid_year,
    area_code,
    population_estimate as population,
    {{ origin('population_0_17') }}
from {{ source('raw', 'population_0_17') }}
where {{ in_force() }} and population_estimate is not null
