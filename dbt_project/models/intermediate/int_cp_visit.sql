{{ config(indexes=[{'columns': ['plan_id', 'visited_on']}]) }}
-- The last visit of each plan and day, and the day of the visit after it.
with last_of_day as (
    select distinct on (plan_id, visited_on)
        plan_id,
        visited_on,
        is_seen_alone_flag
    from {{ ref('stg_ssd_cp_visits') }}
    where visited_on <= {{ as_at() }}
    order by plan_id, visited_on, visit_id desc
)

select
    plan_id,
    visited_on,
    case is_seen_alone_flag when 'Y' then true when 'N' then false end as is_seen_alone,
    lead(visited_on) over (partition by plan_id order by visited_on) as next_visited_on
from last_of_day
