select
    voch_table_id as voice_id,
    voch_person_id as child_key,
    voch_explained_worries as explained_worries,
    voch_story_help_understand as story_help_understand,
    voch_agree_worker as agree_worker,
    voch_plan_safe as plan_safe,
    voch_tablet_help_explain as tablet_help_explain,
    {{ origin('ssd_voice_of_child') }}
from {{ source('raw', 'ssd_voice_of_child') }}
where {{ in_force() }}
