{{ config(indexes=[{'columns': ['period_of_care_id']}]) }}
-- One row a period of care: episodes that follow one another. `limit_on` is the last day of the 20 working
-- days in which the first review is due (Care Planning Regulations 2010, reg 33) and, in time for it, the
-- first health assessment (reg 7); `day_20_on` is the twentieth of them.
with period as (
    select
        period_of_care_id,
        child_key,
        min(started_on) as started_on,
        case when bool_and(ended_on is not null) then max(ended_on) end as ended_on,
        (array_agg(start_reason order by started_on, episode_id))[1] = 'S' as is_start,
        (array_agg(is_short_break_at_start order by started_on, episode_id))[1] as is_short_break,
        min(feed) as feed,
        (array_agg(delivery_id order by started_on, episode_id))[1] as delivery_id,
        (array_agg(row_no order by started_on, episode_id))[1] as row_no
    from {{ ref('int_cla_episode') }}
    group by 1, 2
)

select
    period.*,
    last_day.reached_on as day_20_on,
    last_day.last_on as limit_on
from period
{{ join_working_day_limit('last_day', 'period.started_on', 20) }}
