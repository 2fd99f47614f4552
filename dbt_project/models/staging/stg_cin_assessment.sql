select
    "CensusYear" as census_year,
    "LAchildID" as child_key,
    "CINreferralDate" as referred_on,
    "ReferralNo" as referral_no,
    "AssessmentActualStartDate" as started_on,
    "AssessmentNo" as assessment_no,
    "AssessmentInternalReviewDate" as internal_review_on,
    "AssessmentAuthorisationDate" as authorised_on,
    {{ origin('cin_assessment') }}
from {{ source('raw', 'cin_assessment') }}
where {{ in_force() }}
