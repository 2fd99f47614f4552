select
    "CensusYear" as census_year,
    "LAchildID" as child_key,
    "CINreferralDate" as referred_on,
    "ReferralNo" as referral_no,
    "CPPstartDate" as plan_started_on,
    "CPPNo" as plan_no,
    "CPPendDate" as plan_ended_on,
    "InitialCategoryOfAbuse" as initial_category,
    "LatestCategoryOfAbuse" as latest_category,
    "NumberOfPreviousCPP" as earlier_plans,
    {{ origin('cin_cp_plan') }}
from {{ source('raw', 'cin_cp_plan') }}
where {{ in_force() }}
