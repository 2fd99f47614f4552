-- Children on the way to adoption on each snapshot day, one line an indicator. A wait ends when the child moves in;
-- 14 months is the threshold of the adoption scorecard (A1, 426 days). A decision counts in the year in which it was
-- reversed or the child left care, and not after.
select
    rule.indicator_id,
    adoption.permanence_id as case_id,
    adoption.child_key,
    allocation.worker_code,
    allocation.team_code,
    day.snapshot_on as observed_on,
    rule.numerator,
    rule.denominator,
    null as detail,
    adoption.feed,
    adoption.delivery_id,
    adoption.row_no
from {{ ref('int_adoption') }} as adoption
cross join {{ ref('int_snapshot') }} as day
cross join lateral (
    select
        {{ add_months('day.snapshot_on', -12) }} as year_ago_on,
        coalesce(adoption.placed_on <= day.snapshot_on, false) as is_placed,
        {{ open_at('adoption.decided_on', 'adoption.reversed_on', 'day.snapshot_on') }} as is_standing,
        coalesce(adoption.left_care_on > day.snapshot_on, true) as is_in_care
) as state
cross join lateral (
    select
        case when state.is_placed then adoption.moved_in_on else day.snapshot_on end as waited_to_on,
        state.is_standing and case
            when state.is_placed then adoption.placed_on > state.year_ago_on
            else state.is_in_care
        end as is_waiting_or_placed,
        adoption.decided_on <= day.snapshot_on
        and coalesce(least(adoption.reversed_on, adoption.left_care_on) > state.year_ago_on, true) as is_of_the_year
) as cohort
cross join lateral (
    values
    (
        'ADO-12', case
            when cohort.is_waiting_or_placed
                then (cohort.waited_to_on < {{ add_months('adoption.entered_care_on', 14) }})::int
        end, 1
    ),
    (
        'ADO-13', case
            when cohort.is_of_the_year then coalesce(adoption.reversed_on <= day.snapshot_on, false)::int
        end, 1
    ),
    (
        'ADO-14', case
            when
                adoption.placement_order_on <= day.snapshot_on
                and coalesce(adoption.reversed_on > day.snapshot_on, true)
                and coalesce(adoption.matched_on > day.snapshot_on, true)
                and state.is_in_care
                then 1
        end, null
    )
) as rule (indicator_id, numerator, denominator)
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'adoption.child_key', 'day.snapshot_on') }}
where rule.numerator is not null
