select
    cina_assessment_id as assessment_id,
    cina_person_id as child_key,
    cina_referral_id as referral_id,
    cina_assessment_start_date as started_on,
    cina_assessment_auth_date as authorised_on,
    cina_assessment_child_seen as child_seen_flag,
    cina_assessment_outcome_nfa as is_nfa_flag,
    cina_assessment_team as team_code,
    cina_assessment_worker_id as worker_code,
    {{ origin('ssd_cin_assessments') }}
from {{ source('raw', 'ssd_cin_assessments') }}
where {{ in_force() }}
