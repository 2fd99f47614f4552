-- One row a snapshot day and worker who holds a case: children and full-time equivalents. The equivalents are those
-- of the worker's open posts, else those of the worker's own record. The team is that of the latest allocation.
with holder as (
    select
        snapshot_on,
        worker_code,
        count(*) as children,
        (array_agg(team_code order by started_on desc, involvement_id desc))[1] as team_code,
        min(feed) as feed,
        (array_agg(delivery_id order by started_on desc, involvement_id desc))[1] as delivery_id,
        (array_agg(row_no order by started_on desc, involvement_id desc))[1] as row_no
    from {{ ref('int_caseload__snapshot') }}
    group by 1, 2
),

held_posts as (
    select
        day.snapshot_on,
        post.worker_code,
        sum(post.fte) as fte
    from {{ ref('int_post') }} as post
    inner join {{ ref('int_snapshot') }} as day
        on {{ open_at('post.started_on', 'post.ended_on', 'day.snapshot_on') }}
    where not post.is_vacant
    group by 1, 2
)

select
    holder.*,
    coalesce(held_posts.fte, worker.fte) as fte,
    (worker.registration_no is not null) as is_registered
from holder
left join held_posts using (snapshot_on, worker_code)
left join {{ ref('stg_ssd_professionals') }} as worker using (worker_code)
