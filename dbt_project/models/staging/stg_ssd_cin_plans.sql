select
    cinp_cin_plan_id as plan_id,
    cinp_referral_id as referral_id,
    cinp_person_id as child_key,
    cinp_cin_plan_start_date as started_on,
    cinp_cin_plan_end_date as ended_on,
    cinp_cin_plan_team as team_code,
    cinp_cin_plan_worker_id as worker_code,
    {{ origin('ssd_cin_plans') }}
from {{ source('raw', 'ssd_cin_plans') }}
where {{ in_force() }}
