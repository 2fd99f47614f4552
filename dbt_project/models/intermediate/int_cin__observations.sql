-- One line an indicator of children in need on a day. A numerator left empty keeps the episode out.
select
    rule.indicator_id,
    episode.referral_id as case_id,
    episode.child_key,
    episode.worker_code,
    episode.team_code,
    episode.snapshot_on as observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    episode.feed,
    episode.delivery_id,
    episode.row_no
from {{ ref('int_cin__snapshot') }} as episode
cross join lateral (
    -- Worked out once a row, not once a line: `offset` keeps it from being written out into each.
    select {{ need_band('episode.referred_on', 'episode.snapshot_on') }} as band
    from (values (1)) as once
    offset 0
) as age
cross join lateral (
    values
    ('CIN-01', 1, null::int, episode.primary_need_code),
    ('CIN-05a', case when age.band = 'a' then 1 end, null, null),
    ('CIN-05b', case when age.band = 'b' then 1 end, null, null),
    ('CIN-05c', case when age.band = 'c' then 1 end, null, null),
    ('CIN-05d', case when age.band = 'd' then 1 end, null, null),
    ('CIN-05e', case when age.band = 'e' then 1 end, null, null),
    ('CIN-08', case when episode.is_awaiting_assessment then 1 end, null, null),
    ('CIN-11', case when episode.has_disability then 1 end, null, null),
    ('WF-16', case when episode.is_unallocated then 1 end, null, null)
) as rule (indicator_id, numerator, denominator, detail)
where rule.numerator is not null
