-- One line an indicator. Not in touch, refused and unknown stay below the line; those who went abroad (G), were
-- deported (H) or live at an unknown place (R) are left out of accommodation alone (SSDA903, OC3).
select
    rule.indicator_id,
    leaver.care_leaver_id as case_id,
    leaver.child_key,
    leaver.worker_code,
    leaver.team_code,
    {{ as_at() }} as observed_on,
    rule.numerator,
    case when rule.indicator_id <> 'CL-01' then 1 end as denominator, -- CL-01 is a count
    rule.detail,
    leaver.feed,
    leaver.delivery_id,
    leaver.row_no
from {{ ref('int_care_leaver') }} as leaver
cross join lateral (
    select
        coalesce(leaver.suitability = 'Suitable', false)::int as is_suitable,
        coalesce(leaver.accommodation not in ('G', 'H', 'R'), true) as is_housed_here,
        coalesce(
            leaver.activity in ('F1', 'P1', 'F2', 'P2', 'F3', 'P3', 'F4', 'P4', 'F5', 'P5'), false
        )::int as is_active,
        coalesce(leaver.activity in ('G4', 'G5', 'G6'), false)::int as is_inactive,
        leaver.age between 19 and 21 as is_19_to_21
) as state
cross join lateral (
    values
    (
        'CL-02', leaver.age between 17 and 21,
        coalesce(leaver.in_touch = 'YES', false)::int, coalesce(leaver.in_touch, 'not recorded')
    ),
    ('CL-01', state.is_19_to_21, 1, null),
    ('CL-03', state.is_19_to_21, coalesce(leaver.in_touch = 'NO', false)::int, null),
    ('CL-04', state.is_19_to_21 and state.is_housed_here, state.is_suitable, null),
    ('CL-04_17-18', leaver.age between 17 and 18 and state.is_housed_here, state.is_suitable, null),
    ('CL-05', state.is_19_to_21, state.is_active, null),
    ('CL-05_17-18', leaver.age between 17 and 18, state.is_active, null),
    ('CL-06', state.is_19_to_21, state.is_inactive, null),
    ('CL-06_17-18', leaver.age between 17 and 18, state.is_inactive, null),
    ('CL-07', state.is_19_to_21, coalesce(leaver.activity in ('F1', 'P1'), false)::int, null),
    ('CL-07b', state.is_19_to_21, coalesce(leaver.activity in ('F4', 'P4'), false)::int, null),
    (
        'CL-08', leaver.age between 19 and 20 and leaver.is_fostered_until_18,
        coalesce(leaver.accommodation = 'Z', false)::int, null
    ),
    (
        'CL-10', true,
        coalesce({{ add_months('leaver.pathway_plan_reviewed_on', 6) }} >= {{ as_at() }}, false)::int, null
    ),
    ('CL-11', true, (leaver.personal_adviser is not null)::int, null)
) as rule (indicator_id, is_in_cohort, numerator, detail)
where rule.is_in_cohort
