-- One row a family of prospective adopters, couples once: each step on the first day that is recorded for any of them.
-- The list holds those of the last 12 months, so it is read at the as-at date alone (Annex A list 11).
select
    family_key,
    min({{ known('enquiry_received_on') }}) as enquired_on,
    min({{ known('stage_1_started_on') }}) as stage_1_from,
    min({{ known('stage_1_ended_on') }}) as stage_1_to,
    min({{ known('stage_2_started_on') }}) as stage_2_from,
    min({{ known('application_approved_on') }}) as approved_on,
    min({{ known('matched_on') }}) as matched_on,
    min({{ known('placed_on') }}) as placed_on,
    min({{ known('adoption_order_on') }}) as ordered_on,
    min({{ known('left_on') }}) as left_on,
    min(feed) as feed,
    (array_agg(delivery_id order by row_no))[1] as delivery_id,
    min(row_no) as row_no
from {{ ref('stg_annex_a_list_11') }}
where enquiry_received_on <= {{ as_at() }}
group by family_key
