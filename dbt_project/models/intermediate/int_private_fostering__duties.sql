-- Clocks T15: the first visit after each notification of private fostering, and the visits owed after each one (Private
-- Arrangements for Fostering Regulations 2005, reg 4, 7 and 8). The regulations' year begins with the notification.
-- What was due before the first visit on record says nothing: they were not delivered then.
with first_record as (
    select min(visited_on) as first_on
    from {{ ref('stg_private_fostering_visit') }}
),

link as (
    select
        'T15_first' as clock_id,
        arrangement_id,
        notified_on as start_on,
        first_visit_due_on as due_on,
        first_visited_on as done_on
    from {{ ref('int_private_fostering') }}
    union all
    select
        case when visit.due_on - visit.visited_on = 42 then 'T15_year_one' else 'T15_later' end,
        visit.arrangement_id,
        visit.visited_on,
        visit.due_on,
        visit.next_visited_on
    from {{ ref('int_private_fostering_visit__link') }} as visit
)

select
    link.clock_id,
    arrangement.arrangement_id as case_id,
    arrangement.child_key,
    {{ holder('allocation', 'arrangement') }},
    link.start_on,
    link.due_on,
    link.done_on,
    arrangement.ended_on,
    'The arrangement ended before the visit was due.' as reason,
    arrangement.feed,
    arrangement.delivery_id,
    arrangement.row_no
from link
inner join {{ ref('int_private_fostering') }} as arrangement
    on
        link.arrangement_id = arrangement.arrangement_id
        and (arrangement.ended_on is null or link.start_on < arrangement.ended_on)
inner join first_record
    on {{ is_on_record('link.due_on', 'link.done_on', 'arrangement.ended_on', 'first_record.first_on') }}
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'arrangement.child_key', duty_day('link.done_on', 'arrangement.ended_on')) }}
where {{ is_listed('link.due_on', 'link.done_on', 'arrangement.ended_on') }}
