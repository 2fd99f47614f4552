select
    invo_involvements_id as involvement_id,
    {{ child_of('invo_person_id', 'stg_ssd_cin_episodes', 'referral_id', 'invo_referral_id') }} as child_key,
    invo_professional_id as worker_code,
    invo_professional_team as team_code,
    invo_professional_role_id as involvement_role,
    invo_involvement_start_date as started_on,
    invo_involvement_end_date as ended_on,
    {{ origin('ssd_involvements') }}
from {{ source('raw', 'ssd_involvements') }}
where {{ in_force() }}
