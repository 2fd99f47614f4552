select
    csdq_table_id as sdq_id,
    csdq_person_id as child_key,
    csdq_sdq_completed_date as completed_on,
    csdq_sdq_score as score,
    csdq_sdq_reason as reason_without_score,
    {{ origin('ssd_sdq_scores') }}
from {{ source('raw', 'ssd_sdq_scores') }}
where {{ in_force() }}
