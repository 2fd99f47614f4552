select
    earl_episode_id as early_help_id,
    earl_person_id as child_key,
    earl_episode_start_date as started_on,
    earl_episode_end_date as ended_on,
    earl_episode_end_reason as end_reason,
    earl_episode_organisation as organisation,
    {{ origin('ssd_early_help_episodes') }}
from {{ source('raw', 'ssd_early_help_episodes') }}
where {{ in_force() }}
