-- One row an arrangement and day of a visit since the notification, with the visit owed after it: within six weeks
-- in the year from the notification, twelve weeks after it (Private Arrangements for Fostering Regulations 2005, reg
-- 8; the arrangement is deemed to begin when the council became aware of it).
select
    arrangement.arrangement_id,
    visit.visit_id,
    arrangement.child_key,
    arrangement.worker_code,
    arrangement.team_code,
    visit.visited_on,
    visit.visited_on + case
        when visit.visited_on < {{ add_months('arrangement.notified_on', 12) }} then 42 else 84
    end as due_on,
    lead(visit.visited_on) over (partition by arrangement.arrangement_id order by visit.visited_on)
        as next_visited_on,
    arrangement.ended_on,
    visit.feed,
    visit.delivery_id,
    visit.row_no
from {{ ref('int_private_fostering') }} as arrangement
inner join (
    select distinct on (arrangement_id, visited_on) *
    from {{ ref('stg_private_fostering_visit') }}
    where visited_on <= {{ as_at() }}
    order by arrangement_id, visited_on, visit_id
) as visit
    on arrangement.arrangement_id = visit.arrangement_id and arrangement.notified_on <= visit.visited_on
