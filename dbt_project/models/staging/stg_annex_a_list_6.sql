select
    child_unique_id as child_key,
    gender,
    ethnicity,
    date_of_birth as birth_month,
    does_the_child_have_a_disability as disability,
    cin_start_date as started_on,
    primary_need_code,
    date_child_was_last_seen as last_seen_on,
    cin_closure_date as closed_on,
    reason_for_closure,
    case_status,
    allocated_team,
    {{ origin('annex_a_list_6') }}
from {{ source('raw', 'annex_a_list_6') }}
where {{ in_force() }}
