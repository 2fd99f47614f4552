-- Reviews held of the council's own plans. Taking part is PN1 to PN6, of children aged four and over (PN0 is a child
-- under four, PN7 no part), as in the reviews of looked-after children.
select
    rule.indicator_id,
    review.review_id as case_id,
    plan.child_key,
    allocation.worker_code,
    allocation.team_code,
    review.held_on as observed_on,
    rule.numerator,
    1 as denominator,
    null as detail,
    review.feed,
    review.delivery_id,
    review.row_no
from {{ ref('stg_ssd_cp_reviews') }} as review
inner join {{ ref('int_cp_plan') }} as plan using (plan_id)
left join {{ ref('int_person') }} as person on plan.child_key = person.child_key
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'plan.child_key', 'review.held_on') }}
cross join lateral (
    select
        {{ age_years('person.birth_on', 'review.held_on') }} >= 4 and review.participation <> 'PN0' as is_asked,
        review.participation in ('PN1', 'PN2', 'PN3', 'PN4', 'PN5', 'PN6') as is_taking_part
) as child
cross join lateral (
    values
    ('CP-17', case when child.is_asked then child.is_taking_part::int end),
    ('CP-17q', case review.is_quorate_flag when 'Y' then 1 when 'N' then 0 end)
) as rule (indicator_id, numerator)
where review.held_on <= {{ as_at() }} and rule.numerator is not null
