select
    visit_id,
    arrangement_id,
    visited_on,
    is_seen as is_seen_flag,
    is_seen_alone as is_seen_alone_flag,
    {{ origin('private_fostering_visit') }}
from {{ source('raw', 'private_fostering_visit') }}
where {{ in_force() }}
