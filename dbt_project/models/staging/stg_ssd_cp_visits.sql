select
    cppv_cp_visit_id as visit_id,
    {{ child_of('cppv_person_id', 'stg_ssd_cp_plans', 'plan_id', 'cppv_cp_plan_id') }} as child_key,
    cppv_cp_plan_id as plan_id,
    cppv_cp_visit_date as visited_on,
    cppv_cp_visit_seen as is_seen_flag,
    cppv_cp_visit_seen_alone as is_seen_alone_flag,
    {{ origin('ssd_cp_visits') }}
from {{ source('raw', 'ssd_cp_visits') }}
where {{ in_force() }}
