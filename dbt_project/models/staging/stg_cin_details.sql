select
    "CensusYear" as census_year,
    "LAchildID" as child_key,
    "CINreferralDate" as referred_on,
    "ReferralNo" as referral_no,
    "ReferralSource" as referral_source,
    "PrimaryNeedCode" as primary_need_code,
    "CINclosureDate" as closed_on,
    "ReasonForClosure" as reason_for_closure,
    "DateOfInitialCPC" as initial_conference_on,
    "ReferralNFA" as referral_nfa,
    {{ origin('cin_details') }}
from {{ source('raw', 'cin_details') }}
where {{ in_force() }}
