select
    mid_year,
    area_code,
    age_from,
    age_to,
    sex,
    persons,
    {{ origin('population_estimate') }}
from {{ source('raw', 'population_estimate') }}
where {{ in_force() }}
