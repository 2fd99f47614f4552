select
    "CensusYear" as census_year,
    "LAchildID" as child_key,
    "CINreferralDate" as referred_on,
    "ReferralNo" as referral_no,
    "CINPlanStartDate" as started_on,
    "CINPlanNo" as plan_no,
    "CINPlanEndDate" as ended_on,
    {{ origin('cin_plan') }}
from {{ source('raw', 'cin_plan') }}
where {{ in_force() }}
