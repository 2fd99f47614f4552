-- Episodes ended (EH-04) and, on each snapshot day, episodes open (EH-01). The feed names no team: who holds the
-- child's case on the day counts.
with observed as (
    select
        'EH-04' as indicator_id,
        episode.*,
        episode.ended_on as observed_on,
        episode.is_stepped_up::int as numerator,
        1 as denominator,
        null as detail
    from {{ ref('int_early_help') }} as episode
    where episode.ended_on is not null
    union all
    select
        'EH-01',
        episode.*,
        day.snapshot_on,
        1,
        null,
        coalesce(episode.organisation, 'not recorded')
    from {{ ref('int_early_help') }} as episode
    inner join {{ ref('int_snapshot') }} as day
        on {{ open_at('episode.started_on', 'episode.ended_on', 'day.snapshot_on') }}
)

select
    observed.indicator_id,
    observed.early_help_id as case_id,
    observed.child_key,
    allocation.worker_code,
    allocation.team_code,
    observed.observed_on,
    observed.numerator,
    observed.denominator,
    observed.detail,
    observed.feed,
    observed.delivery_id,
    observed.row_no
from observed
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'observed.child_key', 'observed.observed_on') }}
