select
    child_unique_id as child_key,
    gender,
    ethnicity,
    date_of_birth as birth_month,
    does_the_child_have_a_disability as disability,
    continuous_assessment_start_date as started_on,
    child_seen_during_continuous_assessment,
    continuous_assessment_date_of_authorisation as authorised_on,
    requires_la_childrens_social_care_support,
    allocated_team,
    {{ origin('annex_a_list_4') }}
from {{ source('raw', 'annex_a_list_4') }}
where {{ in_force() }}
