select
    "CensusYear" as census_year,
    "LAchildID" as child_key,
    "UPNunknown" as upn_unknown,
    "PersonBirthDate" as birth_month,
    "ExpectedPersonBirthDate" as expected_birth_month,
    "GenderCurrent" as gender,
    "Sex" as sex,
    "PersonDeathDate" as died_on,
    "Ethnicity" as ethnicity,
    {{ origin('cin_child') }}
from {{ source('raw', 'cin_child') }}
where {{ in_force() }}
