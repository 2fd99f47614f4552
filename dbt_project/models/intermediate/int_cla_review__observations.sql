-- Reviews held of children aged four and over: whether the child took part (PN1 to PN6; PN7 is no part and
-- PN0 a child under four).
select
    'CLA-16' as indicator_id,
    review.review_id as case_id,
    review.child_key,
    allocation.worker_code,
    allocation.team_code,
    review.reviewed_on as observed_on,
    (review.participation in ('PN1', 'PN2', 'PN3', 'PN4', 'PN5', 'PN6'))::int as numerator,
    1 as denominator,
    null as detail,
    review.feed,
    review.delivery_id,
    review.row_no
from {{ ref('stg_ssd_cla_reviews') }} as review
inner join {{ ref('int_person') }} as person using (child_key)
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'review.child_key', 'review.reviewed_on') }}
where
    coalesce(review.is_cancelled_flag, 'N') <> 'Y'
    and review.participation <> 'PN0'
    and review.reviewed_on <= {{ as_at() }}
    and {{ age_years('person.birth_on', 'review.reviewed_on') }} >= 4
