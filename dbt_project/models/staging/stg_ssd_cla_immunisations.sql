select
    clai_person_id as child_key,
    clai_immunisations_status as is_up_to_date_flag,
    clai_immunisations_status_date as recorded_on,
    {{ origin('ssd_cla_immunisations') }}
from {{ source('raw', 'ssd_cla_immunisations') }}
where {{ in_force() }}
