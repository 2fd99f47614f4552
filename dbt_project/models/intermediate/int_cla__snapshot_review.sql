-- Reviews of each looked-after child's period of care as they stand on a snapshot day. In time: none of the reviews
-- held in the 12 months to it was late and the next is not overdue. A child whose first review is not due yet and not
-- held is left out.
with review as (
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
            and {{ open_at('last_review.reviewed_on', 'last_review.next_reviewed_on', 'cohort.snapshot_on') }}
    left join {{ ref('int_cla_review') }} as before
        on
            cohort.period_of_care_id = before.period_of_care_id
            and {{ open_at('before.reviewed_on', 'before.next_reviewed_on', 'cohort.year_ago_on') }}
)

select
    review.*,
    case
        when reviewed_on is not null or due_on < snapshot_on then late_reviews = 0 and due_on >= snapshot_on
    end as is_reviewed_in_time
from review
