-- The last visit at which each looked-after child was seen in the placement of a snapshot day, and when the next was
-- due (Care Planning Regulations 2010, reg 28). Visits in an earlier placement do not count.
with last_visit as (
    select
        cohort.snapshot_on,
        cohort.child_key,
        cohort.placed_on,
        cohort.placement_type,
        cohort.legal_status,
        review.reviewed_on,
        case when visit.visited_on >= cohort.placed_on then visit.visited_on end as visited_on
    from {{ ref('int_cla__cohort') }} as cohort
    inner join {{ ref('int_cla__snapshot_review') }} as review using (snapshot_on, child_key)
    left join {{ ref('int_cla_visit') }} as visit
        on
            cohort.child_key = visit.child_key
            and {{ open_at('visit.visited_on', 'visit.next_visited_on', 'cohort.snapshot_on') }}
),

clocked as (
    select
        last_visit.*,
        {{ cla_visit_clock('visited_on', 'placed_on', 'placement_type', 'legal_status', 'reviewed_on') }} as clock_id
    from last_visit
),

dated as (
    select
        clocked.*,
        {{ cla_visit_due('clock_id', 'coalesce(visited_on, placed_on)') }} as due_on
    from clocked
)

select
    snapshot_on,
    child_key,
    visited_on,
    clock_id,
    due_on,
    (due_on >= snapshot_on) as is_visited_in_time
from dated
