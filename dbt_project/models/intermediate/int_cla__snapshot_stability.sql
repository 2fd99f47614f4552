-- Stability of each looked-after child on a snapshot day: stays with a carer and workers of the 12 months to it, time
-- before care included (NI 62; SSDA903 social worker episodes), and whether a child under 16 in care for two and a half
-- years has been with the same carer for two (NI 63).
with placements as (
    select
        cohort.snapshot_on,
        cohort.child_key,
        count(distinct placement.stay_id) as n
    from {{ ref('int_cla__cohort') }} as cohort
    inner join {{ ref('int_cla_placement') }} as placement
        on
            cohort.child_key = placement.child_key
            and placement.is_counted
            and placement.started_on <= cohort.snapshot_on
            and (placement.ended_on is null or placement.ended_on > cohort.year_ago_on)
    group by 1, 2
),

held as (
    select child_key, worker_code, started_on, {{ known('ended_on') }} as ended_on
    from {{ ref('stg_ssd_involvements') }}
    where involvement_role = 'Allocated Case Worker' and started_on <= {{ as_at() }}
),

workers as (
    select
        cohort.snapshot_on,
        cohort.child_key,
        count(distinct held.worker_code) as n
    from {{ ref('int_cla__cohort') }} as cohort
    inner join held
        on
            cohort.child_key = held.child_key
            and held.started_on <= cohort.snapshot_on
            and (held.ended_on is null or held.ended_on > cohort.year_ago_on)
    group by 1, 2
)

select
    cohort.snapshot_on,
    cohort.child_key,
    coalesce(placements.n, 0) as placements,
    coalesce(workers.n, 0) as workers,
    case
        when cohort.age < 16 and {{ add_months('cohort.period_started_on', 30) }} <= cohort.snapshot_on
            then coalesce({{ add_months('cohort.settled_from', 24) }} <= cohort.snapshot_on, false)
    end as is_settled
from {{ ref('int_cla__cohort') }} as cohort
left join placements using (snapshot_on, child_key)
left join workers using (snapshot_on, child_key)
