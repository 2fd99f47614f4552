-- One row a day on which a social worker saw the child.
select
    child_key,
    visited_on,
    lead(visited_on) over (partition by child_key order by visited_on) as next_visited_on
from {{ ref('stg_ssd_cla_visits') }}
where is_seen_flag = 'Y' and visited_on <= {{ as_at() }}
group by child_key, visited_on
