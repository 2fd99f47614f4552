-- Section 47 enquiries ended: whether a conference was judged unnecessary. One whose conference was held was not
-- unnecessary. One that ended without the flag and without a conference is pending, whether a conference is said to be
-- needed or nothing is: it is neither answer (children in need census).
select
    'S47-04' as indicator_id,
    enquiry.enquiry_id as case_id,
    enquiry.child_key,
    enquiry.worker_code,
    enquiry.team_code,
    enquiry.ended_on as observed_on,
    (enquiry.conference_held_on is null)::int as numerator,
    1 as denominator,
    null as detail,
    enquiry.feed,
    enquiry.delivery_id,
    enquiry.row_no
from {{ ref('int_s47') }} as enquiry
where enquiry.ended_on is not null and (enquiry.is_ended_as_unnecessary or enquiry.conference_held_on is not null)
