-- Conferences held. One line an indicator; a numerator left empty keeps the conference out of the indicator.
select
    rule.indicator_id,
    conference.conference_id as case_id,
    conference.child_key,
    conference.worker_code,
    conference.team_code,
    conference.held_on as observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    conference.feed,
    conference.delivery_id,
    conference.row_no
from {{ ref('int_conference') }} as conference
cross join lateral (
    select (conference.held_on <= conference.due_on)::int as is_in_time
) as taken
cross join lateral (
    values
    ('S47-06', 1, null::int, null),
    ('S47-07', taken.is_in_time, 1, conference.duration_band),
    ('S47-07x', case when not conference.is_transfer_in then taken.is_in_time end, 1, null),
    ('S47-08a', case when conference.duration_band = '0-10' then 1 end, null, null),
    ('S47-08b', case when conference.duration_band = '11-15' then 1 end, null, null),
    ('S47-08c', case when conference.duration_band = '16-20' then 1 end, null, null),
    ('S47-08d', case when conference.duration_band = '21+' then 1 end, null, null),
    ('S47-09', conference.is_plan_made::int, 1, null)
) as rule (indicator_id, numerator, denominator, detail)
where conference.held_on is not null and rule.numerator is not null
