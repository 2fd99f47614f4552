select
    core_group_id,
    child_id as child_key,
    cp_plan_id as plan_id,
    due_on,
    held_on,
    is_quorate as is_quorate_flag,
    parents_took_part as parents_took_part_flag,
    child_took_part as child_took_part_flag,
    team_id as team_code,
    worker_id as worker_code,
    {{ origin('core_group') }}
from {{ source('raw', 'core_group') }}
where {{ in_force() }}
