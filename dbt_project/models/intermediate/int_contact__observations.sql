-- One line an indicator. A numerator left empty keeps the contact out of the indicator.
select
    rule.indicator_id,
    contact.contact_id as case_id,
    contact.child_key,
    null::text as worker_code,
    contact.team_code,
    contact.contacted_on as observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    contact.feed,
    contact.delivery_id,
    contact.row_no
from {{ ref('int_contact') }} as contact
cross join lateral (
    values
    ('CON-01', 1, null::int, contact.source_code),
    ('CON-03', case when contact.is_first_of_day then 1 end, 1, null),
    ('CON-04', (contact.outcome = 'CIN Referral')::int, 1, null)
) as rule (indicator_id, numerator, denominator, detail)
where rule.numerator is not null
