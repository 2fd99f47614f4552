select
    child_unique_id as child_key,
    gender,
    ethnicity,
    date_of_birth as birth_month,
    does_the_child_have_a_disability as disability,
    child_protection_plan_start_date as started_on,
    initial_category_of_abuse,
    latest_category_of_abuse,
    date_of_the_last_statutory_visit as last_visited_on,
    was_the_child_seen_alone,
    date_of_latest_review_conference as last_reviewed_on,
    child_protection_plan_end_date as ended_on,
    subject_to_epo_or_police_powers_in_last_six_months,
    number_of_previous_child_protection_plans,
    allocated_team,
    {{ origin('annex_a_list_7') }}
from {{ source('raw', 'annex_a_list_7') }}
where {{ in_force() }}
