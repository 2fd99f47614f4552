select
    s47e_s47_enquiry_id as enquiry_id,
    s47e_referral_id as referral_id,
    s47e_person_id as child_key,
    s47e_s47_start_date as started_on,
    s47e_s47_end_date as ended_on,
    s47e_s47_nfa as is_nfa_flag,
    s47e_s47_completed_by_team as team_code,
    s47e_s47_completed_by_worker_id as worker_code,
    {{ origin('ssd_s47_enquiry') }}
from {{ source('raw', 'ssd_s47_enquiry') }}
where {{ in_force() }}
