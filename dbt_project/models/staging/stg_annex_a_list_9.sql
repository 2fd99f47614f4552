select
    child_unique_id as child_key,
    gender,
    ethnicity,
    date_of_birth as birth_month,
    uasc_or_formerly_uasc_if_18_or_over,
    does_the_child_have_a_disability as disability,
    allocated_team,
    eligibility_category,
    latest_pathway_plan_review_date as pathway_plan_reviewed_on,
    la_in_touch,
    latest_date_of_contact as last_contact_on,
    type_of_accommodation as accommodation,
    suitability_of_accommodation as suitability,
    activity_status as activity,
    {{ origin('annex_a_list_9') }}
from {{ source('raw', 'annex_a_list_9') }}
where {{ in_force() }}
