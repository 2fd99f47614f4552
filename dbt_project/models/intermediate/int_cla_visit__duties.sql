-- Clocks T09_*: the visits that each placement calls for (Care Planning Regulations 2010, reg 28). What was due before
-- the first visit on record says nothing: they were not delivered then.
with first_record as (
    select min(visited_on) as first_on
    from {{ ref('stg_ssd_cla_visits') }}
)

select
    link.clock_id,
    link.placement_id as case_id,
    link.child_key,
    allocation.worker_code,
    allocation.team_code,
    link.start_on,
    link.due_on,
    link.done_on,
    link.ended_on,
    'The placement ended before the visit was due.' as reason,
    placement.feed,
    placement.delivery_id,
    placement.row_no
from {{ ref('int_cla_visit__link') }} as link
inner join {{ ref('stg_ssd_cla_placement') }} as placement using (placement_id)
inner join first_record
    on {{ is_on_record('link.due_on', 'link.done_on', 'link.ended_on', 'first_record.first_on') }}
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'link.child_key', duty_day('link.done_on', 'link.ended_on')) }}
where {{ is_listed('link.due_on', 'link.done_on', 'link.ended_on') }}
