-- One row a window and whoever owes its number on the day it is counted: each person in the role, each team linked to
-- one, each team with such a post, each worker in a post that holds cases (whose practice is to be seen), or the
-- council as a whole. No delivered row says the last, but the council's own file: there `row_no` is the expectation's
-- place in it. A worker in several posts owes once, for the latest.
with seat as (
    select
        expectation.expectation,
        expectation.period_start,
        expectation.per,
        case when expectation.per <> 'team' then post.worker_code end as worker_code,
        post.team_code,
        post.started_on,
        post.post_id as source_id,
        post.feed,
        post.delivery_id,
        post.row_no
    from {{ ref('int_expectation__window') }} as expectation
    inner join {{ ref('int_post') }} as post
        on {{ open_at('post.started_on', 'post.ended_on', 'expectation.counted_on') }}
    left join {{ ref('stg_framework_role') }} as role on post.role_id = role.role
    where case expectation.per
        when 'person' then post.role_id = expectation.role and not post.is_vacant
        when 'team' then post.role_id = expectation.role
        when 'worker' then role.holds_cases and not post.is_vacant
        else false
    end
    union all
    select
        expectation.expectation,
        expectation.period_start,
        expectation.per,
        link.worker_code,
        link.team_code,
        link.started_on,
        link.role_id,
        link.feed,
        link.delivery_id,
        link.row_no
    from {{ ref('int_expectation__window') }} as expectation
    inner join {{ ref('stg_team_link') }} as link
        on
            expectation.role = link.role_id
            and {{ open_at('link.started_on', 'link.ended_on', 'expectation.counted_on') }}
    where expectation.per = 'linked_team' and link.worker_code is not null
    union all
    select expectation, period_start, per, null, null, null, null, 'framework_expectation', null, position::int
    from {{ ref('int_expectation__window') }}
    where per = 'council'
)

select distinct on (seat.expectation, seat.period_start, seat.worker_code, owed_team.code)
    seat.expectation,
    seat.period_start,
    case seat.per when 'council' then 'council' when 'team' then 'team' else 'worker' end as level,
    concat_ws(
        '/', seat.expectation, coalesce(seat.worker_code, 'unallocated'), coalesce(seat.team_code, 'unallocated'),
        seat.period_start
    ) as owed_id,
    seat.worker_code,
    seat.team_code,
    team.service_code,
    seat.feed,
    seat.delivery_id,
    seat.row_no
from seat
-- A person and an observed worker owe once, whatever their teams; the other levels once a team.
cross join lateral (
    select case when seat.per in ('linked_team', 'team') then seat.team_code end as code
) as owed_team
left join {{ ref('int_team') }} as team on seat.team_code = team.team_code
order by
    seat.expectation, seat.period_start, seat.worker_code, owed_team.code, seat.started_on desc, seat.source_id desc
