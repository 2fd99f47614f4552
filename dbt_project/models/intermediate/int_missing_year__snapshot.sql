-- One row a snapshot day and child looked after at any time in the 12 months to it, short breaks (V3, V4)
-- left out, and whether the child was missing,
-- or away without authorisation, in those 12 months.
with year as (
    select snapshot_on, {{ add_months('snapshot_on', -12) }} as year_ago_on
    from {{ ref('int_snapshot') }}
),

looked_after as (
    select distinct on (episode.child_key, year.snapshot_on)
        year.snapshot_on,
        episode.child_key,
        episode.feed,
        episode.delivery_id,
        episode.row_no
    from year
    inner join {{ ref('int_cla_episode') }} as episode
        on
            episode.started_on <= year.snapshot_on
            and (episode.ended_on is null or episode.ended_on > year.year_ago_on)
    where
        not exists (
            select 1 from {{ ref('int_cla_legal_status') }} as status
            where
                status.is_short_break
                and status.child_key = episode.child_key
                and {{ open_at(
                    'status.started_on', 'status.ended_on', 'greatest(episode.started_on, year.year_ago_on + 1)'
                ) }}
        )
    order by episode.child_key, year.snapshot_on, episode.started_on desc, episode.episode_id desc
),

missing as (
    select
        year.snapshot_on,
        missing.child_key,
        bool_or(missing.missing_type = 'M') as is_missing,
        bool_or(missing.missing_type = 'A') as is_away
    from year
    inner join {{ ref('int_missing') }} as missing
        on
            missing.started_on <= year.snapshot_on
            and (missing.ended_on is null or missing.ended_on > year.year_ago_on)
    group by 1, 2
)

select
    looked_after.*,
    coalesce(missing.is_missing, false) as is_missing,
    coalesce(missing.is_away, false) as is_away
from looked_after
left join missing using (snapshot_on, child_key)
-- By day: sums of a day then keep to little memory (`int_value__cut`).
order by looked_after.snapshot_on
