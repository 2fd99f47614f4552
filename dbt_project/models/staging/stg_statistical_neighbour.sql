select
    area_code,
    rank,
    neighbour_code,
    model_year,
    {{ origin('statistical_neighbour') }}
from {{ source('raw', 'statistical_neighbour') }}
where {{ in_force() }}
