select
    clap_cla_placement_id as placement_id,
    clap_cla_id as period_of_care_id,
    {{ child_of('clap_person_id', 'stg_ssd_cla_episodes', 'period_of_care_id', 'clap_cla_id') }} as child_key,
    clap_cla_placement_start_date as started_on,
    clap_cla_placement_end_date as ended_on,
    clap_cla_placement_type as placement_type,
    clap_cla_placement_provider as provider,
    clap_cla_placement_urn as urn,
    clap_cla_placement_distance as miles_from_home,
    clap_cla_placement_change_reason as change_reason,
    {{ origin('ssd_cla_placement') }}
from {{ source('raw', 'ssd_cla_placement') }}
where {{ in_force() }}
