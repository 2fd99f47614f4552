select
    cppr_cp_review_id as review_id,
    {{ child_of('cppr_person_id', 'stg_ssd_cp_plans', 'plan_id', 'cppr_cp_plan_id') }} as child_key,
    cppr_cp_plan_id as plan_id,
    cppr_cp_review_date as held_on,
    cppr_cp_review_quorate as is_quorate_flag,
    cppr_cp_review_participation as participation,
    {{ origin('ssd_cp_reviews') }}
from {{ source('raw', 'ssd_cp_reviews') }}
where {{ in_force() }}
