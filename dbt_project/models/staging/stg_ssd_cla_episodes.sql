select
    clae_cla_episode_id as episode_id,
    clae_person_id as child_key,
    clae_cla_placement_id as placement_id,
    clae_cla_id as period_of_care_id,
    clae_cla_episode_start_date as started_on,
    clae_cla_episode_start_reason as start_reason,
    clae_cla_primary_need_code as primary_need_code,
    clae_cla_episode_ceased_date as ended_on,
    clae_cla_episode_ceased_reason as end_reason,
    clae_referral_id as referral_id,
    clae_cla_last_iro_contact_date as last_iro_contact_on,
    clae_entered_care_date as entered_care_on,
    {{ origin('ssd_cla_episodes') }}
from {{ source('raw', 'ssd_cla_episodes') }}
where {{ in_force() }}
