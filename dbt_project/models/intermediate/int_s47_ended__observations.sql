-- Section 47 enquiries ended: whether a conference was judged unnecessary. An enquiry that ended without the flag is
-- pending, not unnecessary (children in need census), and one whose conference was held was not unnecessary.
select
    'S47-04' as indicator_id,
    enquiry_id as case_id,
    child_key,
    worker_code,
    team_code,
    ended_on as observed_on,
    (is_nfa_flag = 'Y' and conference_held_on is null)::int as numerator,
    1 as denominator,
    null as detail,
    feed,
    delivery_id,
    row_no
from {{ ref('int_s47') }}
where ended_on is not null and is_nfa_flag is not null
