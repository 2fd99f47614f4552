select
    child_unique_id as child_key,
    gender,
    ethnicity,
    date_of_birth as birth_month,
    does_the_child_have_a_disability as disability,
    strategy_discussion_section_47_enquiry_start_date as started_on,
    initial_child_protection_conference_deemed_unnecessary as conference_not_required,
    date_of_initial_child_protection_conference as conference_on,
    initial_conference_resulted_in_child_protection_plan as led_to_plan,
    number_of_section_47_enquiries_in_the_last_12_months,
    number_of_icpcs_in_the_last_12_months,
    allocated_team,
    {{ origin('annex_a_list_5') }}
from {{ source('raw', 'annex_a_list_5') }}
where {{ in_force() }}
