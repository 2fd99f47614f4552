select
    senn_table_id as sen_need_id,
    senn_active_ehcp_id as active_plan_id,
    senn_active_ehcp_need_type as need,
    senn_active_ehcp_need_rank as need_rank,
    {{ origin('ssd_sen_need') }}
from {{ source('raw', 'ssd_sen_need') }}
where {{ in_force() }}
