select
    cinv_cin_visit_id as visit_id,
    {{ child_of('cinv_person_id', 'stg_ssd_cin_plans', 'plan_id', 'cinv_cin_plan_id') }} as child_key,
    cinv_cin_visit_date as visited_on,
    cinv_cin_visit_seen as is_seen_flag,
    cinv_cin_visit_seen_alone as is_seen_alone_flag,
    {{ origin('ssd_cin_visits') }}
from {{ source('raw', 'ssd_cin_visits') }}
where {{ in_force() }}
