-- Private fostering: arrangements open on each snapshot day, first visits of notifications that are old enough to
-- judge, and visits owed since. An arrangement that ended before a visit was due, without it, owed none.
select
    'PF-01' as indicator_id,
    arrangement.arrangement_id as case_id,
    arrangement.child_key,
    arrangement.worker_code,
    arrangement.team_code,
    day.snapshot_on as observed_on,
    1 as numerator,
    null::int as denominator,
    null as detail,
    arrangement.feed,
    arrangement.delivery_id,
    arrangement.row_no
from {{ ref('int_private_fostering') }} as arrangement
inner join {{ ref('int_snapshot') }} as day
    on {{ open_at('arrangement.known_from', 'arrangement.ended_on', 'day.snapshot_on') }}
union all
select
    'PF-02', arrangement_id, child_key, worker_code, team_code, notified_on,
    coalesce(first_visited_on <= first_visit_due_on, false)::int, 1, null, feed, delivery_id, row_no
from {{ ref('int_private_fostering') }}
where
    first_visit_due_on < {{ as_at() }}
    and (first_visited_on <= first_visit_due_on or ended_on is null or ended_on > first_visit_due_on)
union all
select
    'PF-03', visit_id, child_key, worker_code, team_code, due_on,
    coalesce(next_visited_on <= due_on, false)::int, 1, null, feed, delivery_id, row_no
from {{ ref('int_private_fostering_visit__link') }}
where due_on <= {{ as_at() }} and (ended_on is null or ended_on > due_on)
