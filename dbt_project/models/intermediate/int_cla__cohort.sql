-- One row a looked-after child and snapshot day: an episode open, and not in a series of short breaks (V3,
-- V4: in no figure of looked-after children, SSDA903).
with episode as (
    select distinct on (episode.child_key, snapshot.snapshot_on)
        snapshot.snapshot_on,
        episode.*
    from {{ ref('int_snapshot') }} as snapshot
    inner join {{ ref('int_cla_episode') }} as episode
        on {{ open_at('episode.started_on', 'episode.ended_on', 'snapshot.snapshot_on') }}
    order by episode.child_key, snapshot.snapshot_on, episode.started_on desc, episode.episode_id desc
),

status as (
    select
        snapshot.snapshot_on,
        status.child_key,
        (array_agg(status.legal_status order by status.started_on desc, status.legal_status_id desc))[1]
            as legal_status,
        bool_or(status.is_short_break) as is_short_break
    from {{ ref('int_snapshot') }} as snapshot
    inner join {{ ref('int_cla_legal_status') }} as status
        on {{ open_at('status.started_on', 'status.ended_on', 'snapshot.snapshot_on') }}
    group by 1, 2
)

select
    episode.snapshot_on,
    {{ add_months('episode.snapshot_on', -12) }} as year_ago_on,
    episode.child_key,
    episode.period_of_care_id,
    episode.episode_id,
    episode.placement_id,
    period.started_on as period_started_on,
    period.limit_on as first_review_due_on,
    status.legal_status,
    placement.placement_type,
    coalesce(placement.started_on, episode.started_on) as placed_on,
    placement.settled_from,
    {{ age_years('person.birth_on', 'episode.snapshot_on') }} as age,
    {{ age_years('person.birth_on', add_months('episode.snapshot_on', -12) ~ ' + 1') }} as age_at_start,
    episode.feed,
    episode.delivery_id,
    episode.row_no
from episode
inner join {{ ref('int_cla_period') }} as period using (period_of_care_id, child_key)
left join status
    on episode.snapshot_on = status.snapshot_on and episode.child_key = status.child_key
left join {{ ref('int_cla_placement') }} as placement
    on episode.placement_id = placement.placement_id and episode.child_key = placement.child_key
left join {{ ref('int_person') }} as person on episode.child_key = person.child_key
where status.is_short_break is not true
