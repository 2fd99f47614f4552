select
    "CensusYear" as census_year,
    "NumberOfVacancies" as vacancies_fte,
    "NoAgencyFTE" as agency_fte,
    "NoAgencyHeadcount" as agency_headcount,
    {{ origin('csww_vacancy') }}
from {{ source('raw', 'csww_vacancy') }}
where {{ in_force() }}
