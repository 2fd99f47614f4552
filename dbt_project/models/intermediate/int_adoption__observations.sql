-- Steps on the way to adoption, one line an indicator. Times are days of children adopted in the period (SSDA903, AD1);
-- an empty date leaves the child out. Placement order to match counts each match, nought where the match came first
-- (adoption scorecard, A2). The match is due within six months of the decision (adoption guidance 2013, 4.2): decisions
-- that are six months old, without those that fell away unmatched before.
with happened as (
    select
        rule.*,
        adoption.permanence_id,
        adoption.child_key,
        adoption.feed,
        adoption.delivery_id,
        adoption.row_no
    from {{ ref('int_adoption') }} as adoption
    cross join lateral (
        select
            {{ add_months('adoption.decided_on', 6) }} as match_due_on,
            case
                when adoption.matched_on is not null and adoption.placement_order_on is not null
                    then greatest(adoption.matched_on, adoption.placement_order_on)
            end as ordered_and_matched_on
    ) as clock
    cross join lateral (
        select
            coalesce(adoption.matched_on <= clock.match_due_on, false) as is_matched_in_time,
            coalesce(least(adoption.reversed_on, adoption.left_care_on) <= clock.match_due_on, false) as is_over
    ) as state
    cross join lateral (
        values
        ('ADO-03', adoption.adopted_on, adoption.moved_in_on - adoption.entered_care_on, 1),
        ('ADO-04', adoption.adopted_on, adoption.decided_on - adoption.entered_care_on, 1),
        ('ADO-05', adoption.adopted_on, adoption.matched_on - adoption.decided_on, 1),
        ('ADO-06', adoption.adopted_on, adoption.placed_on - adoption.matched_on, 1),
        ('ADO-07', adoption.adopted_on, adoption.placed_on - adoption.entered_care_on, 1),
        ('ADO-08', adoption.adopted_on, adoption.adopted_on - adoption.placed_on, 1),
        ('ADO-09', adoption.adopted_on, adoption.adopted_on - adoption.entered_care_on, 1),
        (
            'ADO-10', adoption.adopted_on,
            case when adoption.placed_on <= {{ add_months('adoption.decided_on', 12) }} then 1 end, null
        ),
        (
            'ADO-11', clock.ordered_and_matched_on,
            greatest(clock.ordered_and_matched_on - adoption.placement_order_on, 0), 1
        ),
        (
            'ADO-15', case when clock.match_due_on <= {{ as_at() }} then adoption.decided_on end,
            case when state.is_matched_in_time or not state.is_over then state.is_matched_in_time::int end, 1
        )
    ) as rule (indicator_id, observed_on, numerator, denominator)
    where rule.observed_on is not null and rule.numerator is not null
)

select
    happened.indicator_id,
    happened.permanence_id as case_id,
    happened.child_key,
    allocation.worker_code,
    allocation.team_code,
    happened.observed_on,
    happened.numerator,
    happened.denominator,
    null as detail,
    happened.feed,
    happened.delivery_id,
    happened.row_no
from happened
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'happened.child_key', 'happened.observed_on') }}
