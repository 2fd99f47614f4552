-- Prospective adopters at the as-at date, one line an indicator. A family is in the process until the adoption order or
-- until it leaves. Stage one may take two months, stage two four (adoption guidance 2013, 3.20 and 3.48), counted in
-- the 12 months of the list by when they ended.
select
    rule.indicator_id,
    family.family_key as case_id,
    null::text as child_key,
    null::text as worker_code,
    null::text as team_code,
    {{ as_at() }} as observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    family.feed,
    family.delivery_id,
    family.row_no
from {{ ref('int_adopter_family') }} as family
cross join lateral (
    select
        coalesce(family.left_on, family.ordered_on) is null as is_in_process,
        {{ add_months(as_at(), -12) }} as year_ago_on,
        case
            when family.placed_on is not null then 'placed'
            when family.matched_on is not null then 'matched'
            when family.approved_on is not null then 'approved'
            when family.stage_2_from is not null then 'stage 2'
            when family.stage_1_to is not null then 'between stages'
            when family.stage_1_from is not null then 'stage 1'
            else 'enquiry'
        end as stage
) as state
cross join lateral (
    values
    ('ADT-01', case when state.is_in_process then 1 end, null::int, state.stage),
    (
        'ADT-02',
        case
            when family.stage_1_to > state.year_ago_on
                then (family.stage_1_to <= {{ add_months('family.stage_1_from', 2) }})::int
        end, 1, null
    ),
    (
        'ADT-03',
        case
            when family.approved_on > state.year_ago_on
                then (family.approved_on <= {{ add_months('family.stage_2_from', 4) }})::int
        end, 1, null
    ),
    ('ADT-04', case when state.is_in_process and state.stage = 'approved' then 1 end, null, null)
) as rule (indicator_id, numerator, denominator, detail)
where rule.numerator is not null
