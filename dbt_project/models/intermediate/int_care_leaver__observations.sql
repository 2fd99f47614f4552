-- One line an indicator. Not in touch, refused and unknown stay below the line; accommodation X (abroad or
-- unknown) does not (SSDA903, OC3).
select
    rule.indicator_id,
    leaver.care_leaver_id as case_id,
    leaver.child_key,
    leaver.worker_code,
    leaver.team_code,
    {{ as_at() }} as observed_on,
    rule.numerator,
    1 as denominator,
    rule.detail,
    leaver.feed,
    leaver.delivery_id,
    leaver.row_no
from {{ ref('int_care_leaver') }} as leaver
cross join lateral (
    select
        coalesce(leaver.suitability = 'Suitable', false)::int as is_suitable,
        coalesce(leaver.accommodation <> 'X', true) as is_housed_here,
        coalesce(leaver.activity in ('F1', 'P1', 'F2', 'P2', 'F4', 'P4', 'F5', 'P5'), false)::int as is_active
) as state
cross join lateral (
    values
    (
        'CL-02', leaver.age between 17 and 21,
        coalesce(leaver.in_touch = 'YES', false)::int, coalesce(leaver.in_touch, 'not recorded')
    ),
    ('CL-04', leaver.age between 19 and 21 and state.is_housed_here, state.is_suitable, null),
    ('CL-04_17-18', leaver.age between 17 and 18 and state.is_housed_here, state.is_suitable, null),
    ('CL-05', leaver.age between 19 and 21, state.is_active, null),
    ('CL-05_17-18', leaver.age between 17 and 18, state.is_active, null),
    (
        'CL-10', true,
        coalesce({{ add_months('leaver.pathway_plan_reviewed_on', 6) }} >= {{ as_at() }}, false)::int, null
    ),
    ('CL-11', true, (leaver.personal_adviser is not null)::int, null)
) as rule (indicator_id, is_in_cohort, numerator, detail)
where rule.is_in_cohort
