select
    "CensusYear" as census_year,
    "LAchildID" as child_key,
    "CINreferralDate" as referred_on,
    "ReferralNo" as referral_no,
    "AssessmentActualStartDate" as started_on,
    "AssessmentNo" as assessment_no,
    "AssessmentFactors" as factor,
    {{ origin('cin_assessment_factor') }}
from {{ source('raw', 'cin_assessment_factor') }}
where {{ in_force() }}
