-- One row a worker and team at the as-at date: whoever holds a case there, or a post whose role holds cases. Episodes
-- of need without an allocated worker stand in one row `unallocated`.
with held as (
    select
        involvement.worker_code,
        coalesce(team.team_code, 'unallocated') as team_code,
        involvement.child_key,
        involvement.started_on,
        {{ known('involvement.ended_on') }} as ended_on
    from {{ ref('stg_ssd_involvements') }} as involvement
    left join {{ ref('int_team') }} as team using (team_code)
    where
        involvement.involvement_role = 'Allocated Case Worker'
        and involvement.worker_code is not null
        and involvement.started_on <= {{ as_at() }}
),

caseload as (
    select
        worker_code,
        team_code,
        count(*) filter (where ended_on is null) as cases,
        count(distinct child_key) filter (where ended_on is null) as children,
        count(*) filter (where started_on > {{ as_at() }} - 28) as opened_28_days,
        count(*) filter (where ended_on > {{ as_at() }} - 28) as closed_28_days
    from held
    group by 1, 2
),

seat as (
    select
        post.worker_code,
        coalesce(team.team_code, 'unallocated') as team_code,
        sum(post.fte) as fte,
        bool_or(post.is_agency) as is_agency,
        bool_or(coalesce(role.holds_cases, false)) as holds_cases
    from {{ ref('int_post') }} as post
    left join {{ ref('int_team') }} as team using (team_code)
    left join {{ source('framework', 'framework_role') }} as role
        on post.role_id = role.role and role.council = '{{ var("council") }}'
    where not post.is_vacant and post.ended_on is null
    group by 1, 2
),

posted as (
    select distinct worker_code from seat
),

-- A worker without any post has the full-time equivalent of the own record.
listed as (
    select
        worker_code,
        team_code,
        coalesce(caseload.cases, 0) as cases,
        coalesce(caseload.children, 0) as children,
        case when posted.worker_code is null then worker.fte else seat.fte end as fte,
        bool_or(coalesce(seat.is_agency, worker.is_agency_flag = 'Y', false)) over (partition by worker_code)
            as is_agency,
        (worker.registration_no is not null) as is_registered,
        coalesce(caseload.opened_28_days, 0) as opened_28_days,
        coalesce(caseload.closed_28_days, 0) as closed_28_days
    from caseload
    full join seat using (worker_code, team_code)
    left join posted using (worker_code)
    left join {{ ref('stg_ssd_professionals') }} as worker using (worker_code)
    where caseload.cases > 0 or seat.holds_cases
    union all
    select
        'unallocated', 'unallocated', count(*), count(distinct cin.child_key), null, false, false,
        count(*) filter (where referral.referred_on > {{ as_at() }} - 28), 0
    from {{ ref('int_cin__snapshot') }} as cin
    inner join {{ ref('int_referral') }} as referral using (referral_id)
    where cin.is_unallocated and cin.snapshot_on = {{ as_at() }}
)

select
    '{{ var("council") }}'::text as council,
    team.team_code::text as team_code,
    team.service_code::text as service_code,
    listed.worker_code::text as worker_code,
    {{ as_at() }} as as_at,
    listed.cases::int as cases,
    listed.children::int as children,
    listed.fte::numeric(20, 6) as fte,
    (listed.children / nullif(listed.fte, 0))::numeric(20, 6) as cases_per_fte,
    listed.is_agency::boolean as is_agency,
    listed.is_registered::boolean as is_registered,
    listed.opened_28_days::int as opened_28_days,
    listed.closed_28_days::int as closed_28_days
from listed
inner join {{ ref('int_team') }} as team using (team_code)
