-- Children with early help at any time in the six months to a day, once each, and whether they were referred in the
-- same months. Under the latest episode.
with half_year as (
    select snapshot_on, {{ add_months('snapshot_on', -6) }} as began_after
    from {{ ref('int_snapshot') }}
),

helped as (
    select distinct on (half_year.snapshot_on, episode.child_key)
        half_year.snapshot_on,
        half_year.began_after,
        episode.child_key,
        episode.feed,
        episode.delivery_id,
        episode.row_no
    from half_year
    inner join {{ ref('int_early_help') }} as episode
        on
            episode.started_on <= half_year.snapshot_on
            and (episode.ended_on is null or episode.ended_on > half_year.began_after)
    order by half_year.snapshot_on, episode.child_key, episode.started_on desc, episode.early_help_id desc
)

select
    'EH-03' as indicator_id,
    helped.child_key as case_id,
    helped.child_key,
    allocation.worker_code,
    allocation.team_code,
    helped.snapshot_on as observed_on,
    exists(
        select 1 from {{ ref('int_referral') }} as referral
        where
            referral.child_key = helped.child_key
            and referral.referred_on > helped.began_after
            and referral.referred_on <= helped.snapshot_on
    )::int as numerator,
    1 as denominator,
    null as detail,
    helped.feed,
    helped.delivery_id,
    helped.row_no
from helped
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'helped.child_key', 'helped.snapshot_on') }}
