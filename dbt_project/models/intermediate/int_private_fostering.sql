-- One row a private fostering arrangement of which the council knew by the as-at date. The first visit is owed within
-- seven working days of the notification (Private Arrangements for Fostering Regulations 2005, reg 4 and 7).
select
    arrangement.arrangement_id,
    arrangement.child_key,
    arrangement.worker_code,
    arrangement.team_code,
    arrangement.notified_on,
    greatest(arrangement.started_on, arrangement.notified_on) as known_from,
    {{ known('arrangement.ended_on') }} as ended_on,
    last_day.last_on as first_visit_due_on,
    visit.first_visited_on,
    arrangement.feed,
    arrangement.delivery_id,
    arrangement.row_no
from {{ ref('stg_private_fostering') }} as arrangement
left join lateral (
    select min(made.visited_on) as first_visited_on
    from {{ ref('stg_private_fostering_visit') }} as made
    where
        made.arrangement_id = arrangement.arrangement_id
        and made.visited_on between arrangement.notified_on and {{ as_at() }}
) as visit on true
{{ join_working_day_limit('last_day', 'arrangement.notified_on', 7) }}
where arrangement.notified_on <= {{ as_at() }}
