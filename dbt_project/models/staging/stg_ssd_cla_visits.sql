select
    clav_cla_visit_id as visit_id,
    clav_cla_id as period_of_care_id,
    clav_person_id as child_key,
    clav_cla_visit_date as visited_on,
    clav_cla_visit_seen as is_seen_flag,
    clav_cla_visit_seen_alone as is_seen_alone_flag,
    {{ origin('ssd_cla_visits') }}
from {{ source('raw', 'ssd_cla_visits') }}
where {{ in_force() }}
