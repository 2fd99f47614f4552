-- One row a looked-after child and snapshot day, with every column that the rules of the indicators read.
with uasc as (
    select distinct
        cohort.snapshot_on,
        cohort.child_key
    from {{ ref('int_cla__cohort') }} as cohort
    inner join {{ ref('stg_ssd_immigration_status') }} as status
        on
            cohort.child_key = status.child_key
            and status.immigration_status = 'Unaccompanied Asylum Seeking Child'
            and {{ open_at('status.started_on', known('status.ended_on'), 'cohort.snapshot_on') }}
),

joined as (
    select
        cohort.*,
        {{ add_months('cohort.snapshot_on', -12) }} as year_ago_on,
        (uasc.child_key is not null) as is_uasc,
        allocation.worker_code,
        allocation.team_code,
        (worker.registration_no is not null) as is_worker_registered,
        totals.workers,
        totals.placements,
        case when visit.visited_on >= cohort.placed_on then visit.visited_on end as visited_on,
        review.reviewed_on,
        review.due_on as review_due_on,
        review.late_reviews,
        health.assessed_on,
        health.assessments,
        health.dental_checked_on,
        health.sdq_score
    from {{ ref('int_cla__cohort') }} as cohort
    inner join {{ ref('int_cla__snapshot_count') }} as totals using (snapshot_on, child_key)
    inner join {{ ref('int_cla__snapshot_review') }} as review using (snapshot_on, child_key)
    inner join {{ ref('int_cla__snapshot_health') }} as health using (snapshot_on, child_key)
    left join uasc using (snapshot_on, child_key)
    left join {{ ref('int_cla_visit') }} as visit
        on
            cohort.child_key = visit.child_key
            and visit.visited_on <= cohort.snapshot_on
            and (visit.next_visited_on is null or visit.next_visited_on > cohort.snapshot_on)
    left join {{ ref('int_allocation') }} as allocation
        on {{ held_on('allocation', 'cohort.child_key', 'cohort.snapshot_on') }}
    left join {{ ref('stg_ssd_professionals') }} as worker on allocation.worker_code = worker.worker_code
),

clocked as (
    select
        joined.*,
        {{ cla_visit_clock('visited_on', 'placed_on', 'placement_type', 'legal_status', 'reviewed_on') }}
            as visit_clock_id
    from joined
)

select
    clocked.*,
    {{ cla_visit_due('visit_clock_id', 'coalesce(visited_on, placed_on)') }} as visit_due_on,
    (period_started_on <= year_ago_on) as is_in_care_12_months
from clocked
