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
    select
        case when not (referral.is_nfa or referral.is_not_in_need) then 1 end as is_of_need,
        {{ need_band('referral.referred_on', 'referral.closed_on') }} as band
) as episode
cross join lateral (
    values
    ('REF-01', referral.referred_on, 1, null::int, referral.source_code),
    ('REF-03', referral.referred_on, case when referral.is_rereferral then 1 end, null, null),
    ('REF-03c', referral.referred_on, referral.is_rereferral::int, 1, null),
    ('REF-04', referral.referred_on, case when referral.is_nfa then 1 end, null, null),
    ('REF-05', referral.referred_on, case when referral.is_not_in_need then 1 end, null, null),
    ('REF-06p', referral.referred_on, case when referral.source_group = 'police' then 1 end, null, null),
    ('REF-06s', referral.referred_on, case when referral.source_group = 'school' then 1 end, null, null),
    ('REF-06h', referral.referred_on, case when referral.source_group = 'health' then 1 end, null, null),
    ('REF-07', referral.referred_on, (referral.decided_on <= referral.decision_due_on)::int, 1, null),
    ('REF-08', referral.referred_on, referral.is_assessed_in_30_days::int, 1, null),
    ('CIN-03', referral.referred_on, episode.is_of_need, null, null),
    ('CIN-04', referral.closed_on, episode.is_of_need, null, referral.close_reason),
    ('CIN-06a', referral.closed_on, case when episode.band = 'a' then episode.is_of_need end, null, null),
    ('CIN-06b', referral.closed_on, case when episode.band = 'b' then episode.is_of_need end, null, null),
    ('CIN-06c', referral.closed_on, case when episode.band = 'c' then episode.is_of_need end, null, null),
    ('CIN-06d', referral.closed_on, case when episode.band = 'd' then episode.is_of_need end, null, null),
    ('CIN-06e', referral.closed_on, case when episode.band = 'e' then episode.is_of_need end, null, null)
) as rule (indicator_id, observed_on, numerator, denominator, detail)
where rule.numerator is not null and rule.observed_on is not null
