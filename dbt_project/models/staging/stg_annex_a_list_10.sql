select
    child_unique_id as child_key,
    gender,
    ethnicity,
    date_of_birth as birth_month,
    does_the_child_have_a_disability as disability,
    date_the_child_entered_care as entered_care_on,
    date_of_decision_child_should_be_placed_for_adoption as decided_on,
    date_of_placement_order as placement_order_on,
    date_of_matching_child_and_prospective_adopters as matched_on,
    date_placed_for_adoption as placed_for_adoption_on,
    date_of_adoption_order as adoption_order_on,
    date_of_decision_child_no_longer_placed_for_adoption as reversed_on,
    reason_why_child_no_longer_placed_for_adoption as reversed_reason,
    date_placed_for_fostering_in_ffa_or_concurrent_planning as placed_in_early_permanence_on,
    {{ origin('annex_a_list_10') }}
from {{ source('raw', 'annex_a_list_10') }}
where {{ in_force() }}
