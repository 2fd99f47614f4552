select
    clea_table_id as care_leaver_id,
    clea_person_id as child_key,
    clea_care_leaver_eligibility as eligibility,
    clea_care_leaver_in_touch as in_touch,
    clea_care_leaver_latest_contact as last_contact_on,
    clea_care_leaver_accommodation as accommodation,
    clea_care_leaver_accom_suitable as suitability,
    clea_care_leaver_activity as activity,
    clea_pathway_plan_review_date as pathway_plan_reviewed_on,
    clea_care_leaver_personal_advisor as personal_adviser,
    clea_care_leaver_allocated_team as team_code,
    clea_care_leaver_worker_id as worker_code,
    {{ origin('ssd_care_leavers') }}
from {{ source('raw', 'ssd_care_leavers') }}
where {{ in_force() }}
