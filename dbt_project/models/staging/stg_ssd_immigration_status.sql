select
    immi_immigration_status_id as immigration_status_id,
    immi_person_id as child_key,
    immi_immigration_status as immigration_status,
    immi_immigration_status_start_date as started_on,
    immi_immigration_status_end_date as ended_on,
    {{ origin('ssd_immigration_status') }}
from {{ source('raw', 'ssd_immigration_status') }}
where {{ in_force() }}
