select
    perm_table_id as permanence_id,
    perm_person_id as child_key,
    perm_cla_id as period_of_care_id,
    perm_adm_decision_date as decided_on,
    perm_placement_order_date as placement_order_on,
    perm_matched_date as matched_on,
    perm_placed_for_adoption_date as placed_on,
    perm_adopted_by_carer_flag as is_adopted_by_carer_flag,
    perm_placed_foster_carer_date as placed_with_carer_on,
    perm_decision_reversed_date as reversed_on,
    perm_permanence_order_date as ordered_on,
    {{ origin('ssd_permanence') }}
from {{ source('raw', 'ssd_permanence') }}
where {{ in_force() }}
