-- Children who started to be looked after, short breaks (V3, V4) left out: who came unaccompanied, and who had left
-- care in the 12 months before.
with start as (
    select distinct on (period_of_care_id, started_on)
        *
    from {{ ref('int_cla_episode') }}
    where start_reason = 'S' and not is_short_break_at_start
    order by period_of_care_id, started_on, episode_id desc
),

unaccompanied as (
    select distinct start.episode_id
    from start
    inner join {{ ref('stg_ssd_immigration_status') }} as status using (child_key)
    where
        status.immigration_status = 'Unaccompanied Asylum Seeking Child'
        and {{ open_at('status.started_on', known('status.ended_on'), 'start.started_on') }}
),

returned as (
    select distinct start.episode_id
    from start
    inner join {{ ref('int_cla_episode') }} as earlier using (child_key)
    where
        earlier.period_of_care_id <> start.period_of_care_id
        and earlier.end_reason <> 'X1'
        and not earlier.is_short_break_at_end
        and earlier.ended_on between {{ add_months('start.started_on', -12) }} and start.started_on
),

seen as (
    select
        start.*,
        (unaccompanied.episode_id is not null) as is_uasc,
        (returned.episode_id is not null) as is_second
    from start
    left join unaccompanied using (episode_id)
    left join returned using (episode_id)
)

select
    rule.indicator_id,
    seen.period_of_care_id as case_id,
    seen.child_key,
    allocation.worker_code,
    allocation.team_code,
    seen.started_on as observed_on,
    rule.numerator,
    1 as denominator,
    null as detail,
    seen.feed,
    seen.delivery_id,
    seen.row_no
from seen
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'seen.child_key', 'seen.started_on') }}
cross join lateral (
    values
    ('CLA-08', seen.is_uasc::int),
    ('CLA-13', seen.is_second::int)
) as rule (indicator_id, numerator)
