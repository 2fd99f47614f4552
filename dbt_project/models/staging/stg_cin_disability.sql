select
    "CensusYear" as census_year,
    "LAchildID" as child_key,
    "Disability" as disability,
    {{ origin('cin_disability') }}
from {{ source('raw', 'cin_disability') }}
where {{ in_force() }}
