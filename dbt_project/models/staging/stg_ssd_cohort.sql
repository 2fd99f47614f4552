select
    dim_person_id as child_key,
    has_contact as has_contact_flag,
    has_referral as has_referral_flag,
    has_903 as has_903_flag,
    is_care_leaver as is_care_leaver_flag,
    has_eligibility as has_eligibility_flag,
    has_client_flag,
    has_involvement as has_involvement_flag,
    first_activity_dttm as first_active_on,
    last_activity_dttm as last_active_on,
    {{ origin('ssd_cohort') }}
from {{ source('raw', 'ssd_cohort') }}
where {{ in_force() }}
