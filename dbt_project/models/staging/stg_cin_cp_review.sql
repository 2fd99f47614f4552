select
    "CensusYear" as census_year,
    "LAchildID" as child_key,
    "CINreferralDate" as referred_on,
    "ReferralNo" as referral_no,
    "CPPstartDate" as plan_started_on,
    "CPPNo" as plan_no,
    "CPPreviewDate" as reviewed_on,
    {{ origin('cin_cp_review') }}
from {{ source('raw', 'cin_cp_review') }}
where {{ in_force() }}
