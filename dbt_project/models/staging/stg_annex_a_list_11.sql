-- The family's own number stays in identity: a family is known by the pseudonym of the first of its adopters.
select
    list.individual_adopter_identifier as adopter_id,
    first_value(list.individual_adopter_identifier) over family as family_key,
    gender,
    ethnicity,
    disability,
    is_the_prospective_adopter_fostering_for_adoption,
    date_enquiry_received as enquiry_received_on,
    date_stage_1_started as stage_1_started_on,
    date_stage_1_ended as stage_1_ended_on,
    date_stage_2_started as stage_2_started_on,
    date_stage_2_ended as stage_2_ended_on,
    date_application_submitted as application_submitted_on,
    date_application_approved as application_approved_on,
    date_adopter_matched_with_child_ren as matched_on,
    date_child_children_placed_with_adopter_s as placed_on,
    no_of_children_placed as children_placed,
    date_of_adoption_order as adoption_order_on,
    date_of_leaving_adoption_process as left_on,
    reason_for_leaving_adoption_process as left_reason,
    {{ origin('annex_a_list_11') | replace('delivery_id', 'list.delivery_id') | replace('row_no', 'list.row_no') }}
from {{ source('raw', 'annex_a_list_11') }} as list
inner join {{ source('identity', 'annex_a_list_11') }} as adopter using (delivery_id, row_no)
where {{ in_force('list') }}
window family as (
    partition by coalesce(adopter.family_identifier, list.individual_adopter_identifier)
    order by list.delivery_id, list.row_no
)
