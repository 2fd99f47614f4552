select
    cppl_cp_plan_id as plan_id,
    cppl_referral_id as referral_id,
    cppl_icpc_id as conference_id,
    cppl_person_id as child_key,
    cppl_cp_plan_start_date as started_on,
    cppl_cp_plan_end_date as ended_on,
    cppl_cp_plan_ola as is_other_authority_flag,
    cppl_cp_plan_initial_category as initial_category,
    cppl_cp_plan_latest_category as latest_category,
    {{ origin('ssd_cp_plans') }}
from {{ source('raw', 'ssd_cp_plans') }}
where {{ in_force() }}
