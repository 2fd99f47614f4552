select
    "CensusYear" as census_year,
    "LAchildID" as child_key,
    "CINreferralDate" as referred_on,
    "ReferralNo" as referral_no,
    "S47ActualStartDate" as started_on,
    "Section47No" as section47_no,
    "InitialCPCtarget" as conference_target_on,
    "DateOfInitialCPC" as initial_conference_on,
    "ICPCnotRequired" as conference_not_required,
    {{ origin('cin_section47') }}
from {{ source('raw', 'cin_section47') }}
where {{ in_force() }}
