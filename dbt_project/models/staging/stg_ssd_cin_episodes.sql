select
    cine_referral_id as referral_id,
    cine_person_id as child_key,
    cine_referral_date as referred_on,
    cine_cin_primary_need_code as primary_need_code,
    cine_referral_source_code as source_code,
    cine_referral_nfa as is_nfa_flag,
    cine_close_reason as close_reason,
    cine_close_date as closed_on,
    cine_referral_team as team_code,
    cine_referral_worker_id as worker_code,
    {{ origin('ssd_cin_episodes') }}
from {{ source('raw', 'ssd_cin_episodes') }}
where {{ in_force() }}
