-- One line an indicator. A numerator left empty keeps the referral out of the indicator.
select
    rule.indicator_id,
    referral.referral_id as case_id,
    referral.child_key,
    referral.worker_code,
    referral.team_code,
    rule.observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    referral.feed,
    referral.delivery_id,
    referral.row_no
from {{ ref('int_referral') }} as referral
cross join lateral (
    values
    ('REF-01', referral.referred_on, 1, null::int, referral.source_code),
    ('REF-02', referral.referred_on, 1, null, null),
    ('REF-03', referral.referred_on, referral.is_rereferral::int, 1, null),
    ('REF-04', referral.referred_on, referral.is_nfa::int, 1, null),
    ('REF-05', referral.referred_on, referral.is_not_in_need::int, 1, null)
) as rule (indicator_id, observed_on, numerator, denominator, detail)
where rule.numerator is not null and rule.observed_on is not null
