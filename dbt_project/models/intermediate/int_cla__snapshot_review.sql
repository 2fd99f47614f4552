-- Reviews of each looked-after child's period of care as they stand on a snapshot day: the last one held, the
-- next one's limit, and how many of the last 12 months were late.
select
    cohort.snapshot_on,
    cohort.child_key,
    last_review.reviewed_on,
    coalesce(last_review.next_due_on, cohort.first_review_due_on) as due_on,
    coalesce(last_review.late_so_far, 0) - coalesce(before.late_so_far, 0) as late_reviews
from {{ ref('int_cla__cohort') }} as cohort
left join {{ ref('int_cla_review') }} as last_review
    on
        cohort.period_of_care_id = last_review.period_of_care_id
        and last_review.reviewed_on <= cohort.snapshot_on
        and (last_review.next_reviewed_on is null or last_review.next_reviewed_on > cohort.snapshot_on)
left join {{ ref('int_cla_review') }} as before
    on
        cohort.period_of_care_id = before.period_of_care_id
        and before.reviewed_on <= {{ add_months('cohort.snapshot_on', -12) }}
        and (
            before.next_reviewed_on is null
            or before.next_reviewed_on > {{ add_months('cohort.snapshot_on', -12) }}
        )
