-- One row a snapshot day and worker in posts of roles that hold cases, agency workers included: how long in the post,
-- the last supervision of the worker's own and the last observation of practice by the day.
with holder as (
    select
        day.snapshot_on,
        post.worker_code,
        min(post.started_on) as in_post_since,
        (array_agg(post.team_code order by post.started_on desc, post.post_id desc))[1] as team_code,
        min(post.feed) as feed,
        (array_agg(post.delivery_id order by post.started_on desc, post.post_id desc))[1] as delivery_id,
        (array_agg(post.row_no order by post.started_on desc, post.post_id desc))[1] as row_no
    from {{ ref('int_post') }} as post
    inner join {{ ref('stg_framework_role') }} as role on post.role_id = role.role and role.holds_cases
    inner join {{ ref('int_snapshot') }} as day
        on {{ open_at('post.started_on', 'post.ended_on', 'day.snapshot_on') }}
    where not post.is_vacant
    group by 1, 2
),

supervised as (
    select
        worker_code,
        held_on,
        lead(held_on) over (partition by worker_code order by held_on) as next_held_on
    from {{ ref('stg_supervision') }}
    where kind = 'personal' and held_on <= {{ as_at() }}
    group by 1, 2
),

observed as (
    select
        worker_code,
        observed_on,
        lead(observed_on) over (partition by worker_code order by observed_on) as next_observed_on
    from {{ ref('stg_practice_observation') }}
    where observed_on <= {{ as_at() }}
    group by 1, 2
)

select
    holder.*,
    supervised.held_on as supervised_on,
    observed.observed_on
from holder
left join supervised
    on
        holder.worker_code = supervised.worker_code
        and {{ open_at('supervised.held_on', 'supervised.next_held_on', 'holder.snapshot_on') }}
left join observed
    on
        holder.worker_code = observed.worker_code
        and {{ open_at('observed.observed_on', 'observed.next_observed_on', 'holder.snapshot_on') }}
