select
    icpc_icpc_id as conference_id,
    icpc_s47_enquiry_id as enquiry_id,
    icpc_person_id as child_key,
    icpc_cp_plan_id as plan_id,
    icpc_referral_id as referral_id,
    icpc_icpc_transfer_in as is_transfer_in_flag,
    icpc_icpc_date as held_on,
    icpc_icpc_outcome_cp_flag as is_plan_made_flag,
    icpc_icpc_team as team_code,
    icpc_icpc_worker_id as worker_code,
    {{ origin('ssd_initial_cp_conference') }}
from {{ source('raw', 'ssd_initial_cp_conference') }}
where {{ in_force() }}
