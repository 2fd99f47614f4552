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
)

select
    cohort.*,
    (uasc.child_key is not null) as is_uasc,
    allocation.worker_code,
    allocation.team_code,
    (worker.registration_no is not null) as is_worker_registered,
    stability.placements,
    stability.workers,
    stability.is_settled,
    review.reviewed_on,
    review.due_on as review_due_on,
    review.is_reviewed_in_time,
    visit.visited_on,
    visit.clock_id as visit_clock_id,
    visit.due_on as visit_due_on,
    visit.is_visited_in_time,
    health.assessed_on,
    health.is_assessment_up_to_date,
    health.is_assessed_yearly,
    health.is_dental_checked,
    health.is_immunised,
    health.sdq_score
from {{ ref('int_cla__cohort') }} as cohort
inner join {{ ref('int_cla__snapshot_stability') }} as stability using (snapshot_on, child_key)
inner join {{ ref('int_cla__snapshot_review') }} as review using (snapshot_on, child_key)
inner join {{ ref('int_cla__snapshot_visit') }} as visit using (snapshot_on, child_key)
inner join {{ ref('int_cla__snapshot_health') }} as health using (snapshot_on, child_key)
left join uasc using (snapshot_on, child_key)
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'cohort.child_key', 'cohort.snapshot_on') }}
left join {{ ref('stg_ssd_professionals') }} as worker on allocation.worker_code = worker.worker_code
-- By day: sums of a day then keep to little memory (`int_value__cut`).
order by cohort.snapshot_on
