-- One row an episode of care. Whether it began or ended within a series of short breaks is read on the day
-- it began and on the day before it ended.
with episode as (
    select
        episode_id,
        child_key,
        placement_id,
        coalesce(period_of_care_id, episode_id) as period_of_care_id,
        started_on,
        start_reason,
        {{ known('ended_on') }} as ended_on,
        case when ended_on <= {{ as_at() }} then end_reason end as end_reason,
        feed,
        delivery_id,
        row_no
    from {{ ref('stg_ssd_cla_episodes') }}
    where started_on <= {{ as_at() }}
),

short_break as (
    select child_key, started_on, ended_on
    from {{ ref('int_cla_legal_status') }}
    where is_short_break
)

select
    episode.*,
    exists(
        select 1 from short_break
        where
            short_break.child_key = episode.child_key
            and {{ open_at('short_break.started_on', 'short_break.ended_on', 'episode.started_on') }}
    ) as is_short_break_at_start,
    exists(
        select 1 from short_break
        where
            short_break.child_key = episode.child_key
            and {{ open_at('short_break.started_on', 'short_break.ended_on', 'episode.ended_on - 1') }}
    ) as is_short_break_at_end
from episode
