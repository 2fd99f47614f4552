select
    "CensusYear" as census_year,
    "LAchildID" as child_key,
    "CINreferralDate" as referred_on,
    "ReferralNo" as referral_no,
    "PPStartDate" as started_on,
    "PPNo" as pre_proceedings_no,
    "LBPSentDate" as letter_sent_on,
    "FGDMMeetingOffer" as family_meeting_offered,
    "FGDMMeetingFac" as family_meeting_held,
    "InitialPPMeetingDate" as first_meeting_on,
    "ReviewMeetingsCount" as review_meetings,
    "StepDecisionDate" as decided_on,
    "CourtAppDate" as court_application_on,
    "LetterInitCPDate" as issue_letter_sent_on,
    {{ origin('cin_pre_proceedings') }}
from {{ source('raw', 'cin_pre_proceedings') }}
where {{ in_force() }}
