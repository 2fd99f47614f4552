-- One row a snapshot day and social worker in the council's own registered posts: full-time equivalents, the role and
-- team of the post begun last, cases held, and working days lost to sickness in the 12 months to the day.
with in_post as (
    select
        day.snapshot_on,
        {{ add_months('day.snapshot_on', -12) }} as year_ago_on,
        post.worker_code,
        sum(post.fte) as fte,
        (array_agg(post.role_id order by post.started_on desc, post.post_id desc))[1] as role_id,
        (array_agg(post.team_code order by post.started_on desc, post.post_id desc))[1] as team_code,
        min(post.feed) as feed,
        (array_agg(post.delivery_id order by post.started_on desc, post.post_id desc))[1] as delivery_id,
        (array_agg(post.row_no order by post.started_on desc, post.post_id desc))[1] as row_no
    from {{ ref('int_post') }} as post
    inner join {{ ref('int_snapshot') }} as day
        on {{ open_at('post.started_on', 'post.ended_on', 'day.snapshot_on') }}
    where post.is_registered and not post.is_vacant and not post.is_agency and post.fte is not null
    group by 1, 2, 3
),

caseload as (
    select
        snapshot_on,
        worker_code,
        count(*) as children
    from {{ ref('int_caseload__snapshot') }}
    group by 1, 2
),

sickness as (
    select
        in_post.snapshot_on,
        in_post.worker_code,
        -- Days lost spread evenly over the working days of the absence; those outside the 12 months are left out.
        sum(
            absence.days_lost
            * (to_day.cum_wd - from_day.cum_wd)
            / nullif(absence.working_days, 0)
        ) as days_lost
    from in_post
    inner join {{ ref('int_sickness') }} as absence
        on
            in_post.worker_code = absence.worker_code
            and absence.started_on <= in_post.snapshot_on
            and absence.last_on > in_post.year_ago_on
    inner join {{ ref('calendar') }} as from_day
        on from_day.calendar_on = greatest(absence.started_on - 1, in_post.year_ago_on)
    inner join {{ ref('calendar') }} as to_day
        on to_day.calendar_on = least(absence.last_on, in_post.snapshot_on)
    group by 1, 2
)

select
    in_post.*,
    coalesce(caseload.children, 0) as children,
    coalesce(role.holds_cases, false) as is_case_holding_role,
    trim_scale(coalesce(sickness.days_lost, 0)) as days_lost,
    (to_day.cum_wd - from_day.cum_wd) as working_days
from in_post
inner join {{ ref('calendar') }} as from_day on in_post.year_ago_on = from_day.calendar_on
inner join {{ ref('calendar') }} as to_day on in_post.snapshot_on = to_day.calendar_on
left join caseload using (snapshot_on, worker_code)
left join sickness using (snapshot_on, worker_code)
left join {{ ref('stg_framework_role') }} as role on in_post.role_id = role.role
