-- One line an indicator. A numerator left empty keeps the child out of the indicator; out of a share's numerator alone,
-- below which CLA-01 stands (`made_of`).
select
    rule.indicator_id,
    cla.period_of_care_id as case_id,
    cla.child_key,
    cla.worker_code,
    cla.team_code,
    cla.snapshot_on as observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    cla.feed,
    cla.delivery_id,
    cla.row_no
from {{ ref('int_cla__snapshot') }} as cla
cross join lateral (
    values
    ('CLA-01', 1::bigint, null::int, coalesce(cla.legal_status, 'not recorded')),
    ('CLA-07', case when cla.is_uasc then 1 end, null, null),
    ('CLA-14', cla.is_visited_in_time::int, 1, null),
    ('CLA-15', cla.is_reviewed_in_time::int, 1, null),
    ('CLA-17', case when cla.workers >= 3 then 1 end, null, null),
    ('CLA-22', cla.is_worker_registered::int, 1, null),
    ('PLC-01', case when cla.placements >= 3 then 1 end, null, null),
    ('PLC-02', cla.is_settled::int, 1, null),
    ('PLC-06', coalesce(cla.placement_type in ('U1', 'U2', 'U3', 'U4', 'U5', 'U6'), false)::int, 1, null),
    ('PLC-07', case when cla.placement_type in ('K1', 'K2') then 1 end, null, null),
    ('PLC-08', case when cla.placement_type in ('H5', 'P2', 'K3') then 1 end, null, null),
    ('PLC-11', case when cla.placement_type = 'P1' then 1 end, null, null),
    ('HLT-02', cla.is_assessment_up_to_date::int, 1, null),
    ('HLT-03', cla.is_assessed_yearly::int, 1, null),
    ('HLT-04', cla.is_dental_checked::int, 1, null),
    ('HLT-05', cla.is_immunised::int, 1, null),
    ('HLT-07', cla.sdq_score, 1, null)
) as rule (indicator_id, numerator, denominator, detail)
where rule.numerator is not null
