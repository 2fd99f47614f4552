select
    miss_table_id as missing_id,
    miss_person_id as child_key,
    miss_missing_episode_type as missing_type,
    miss_missing_episode_start_date as started_at,
    miss_missing_episode_end_date as ended_at,
    miss_missing_rhi_offered as interview_offered,
    miss_missing_rhi_accepted as interview_accepted,
    {{ origin('ssd_missing') }}
from {{ source('raw', 'ssd_missing') }}
where {{ in_force() }}
