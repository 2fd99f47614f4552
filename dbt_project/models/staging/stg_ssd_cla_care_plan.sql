select
    lacp_table_id as care_plan_id,
    lacp_person_id as child_key,
    lacp_cla_care_plan_start_date as started_on,
    lacp_cla_care_plan_end_date as ended_on,
    lacp_cla_care_plan_json as care_plan_json,
    {{ origin('ssd_cla_care_plan') }}
from {{ source('raw', 'ssd_cla_care_plan') }}
where {{ in_force() }}
