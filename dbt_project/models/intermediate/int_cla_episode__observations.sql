-- Starting and ceasing to be looked after, short breaks (V3, V4) left out. X1 ends an episode and no care.
with happened as (
    select distinct on (rule.indicator_id, episode.period_of_care_id, rule.observed_on)
        rule.*,
        episode.period_of_care_id,
        episode.child_key,
        episode.feed,
        episode.delivery_id,
        episode.row_no
    from {{ ref('int_cla_episode') }} as episode
    cross join lateral (
        select
            (episode.start_reason = 'S' and not episode.is_short_break_at_start) as is_start,
            (episode.end_reason <> 'X1' and not episode.is_short_break_at_end) as is_end,
            coalesce(episode.end_reason in ('E43', 'E44', 'E45', 'E46', 'E47', 'E48'), false)::int as is_guardianship,
            (episode.end_reason in ('E11', 'E12') and not episode.is_short_break_at_end) as is_adoption
    ) as event
    cross join lateral (
        values
        ('CLA-03', event.is_start, episode.started_on, 1, null::int, null),
        ('CLA-05', event.is_end, episode.ended_on, 1, null, episode.end_reason),
        ('CLA-10', event.is_end, episode.ended_on, event.is_guardianship, 1, null),
        ('CLA-11', event.is_end, episode.ended_on, coalesce(episode.end_reason = 'E41', false)::int, 1, null),
        ('CLA-12a', event.is_end, episode.ended_on, coalesce(episode.end_reason = 'E4A', false)::int, 1, null),
        ('CLA-12b', event.is_end, episode.ended_on, coalesce(episode.end_reason = 'E4B', false)::int, 1, null),
        ('ADO-01', event.is_adoption, episode.ended_on, 1, null, null),
        ('ADO-02', event.is_end, episode.ended_on, event.is_adoption::int, 1, null),
        ('ADO-02a', event.is_adoption, episode.ended_on, (episode.end_reason = 'E11')::int, 1, null),
        ('ADO-02b', event.is_adoption, episode.ended_on, (episode.end_reason = 'E12')::int, 1, null)
    ) as rule (indicator_id, is_counted, observed_on, numerator, denominator, detail)
    where rule.is_counted
    order by rule.indicator_id, episode.period_of_care_id, rule.observed_on, episode.episode_id desc
)

select
    happened.indicator_id,
    happened.period_of_care_id as case_id,
    happened.child_key,
    allocation.worker_code,
    allocation.team_code,
    happened.observed_on,
    happened.numerator,
    happened.denominator,
    happened.detail,
    happened.feed,
    happened.delivery_id,
    happened.row_no
from happened
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'happened.child_key', 'happened.observed_on') }}
