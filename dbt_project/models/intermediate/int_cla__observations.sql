-- One line an indicator. A numerator left empty keeps the child out of the indicator.
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
left join {{ ref('stg_ssd_cla_immunisations') }} as immunisation
    on
        cla.child_key = immunisation.child_key
        and (immunisation.recorded_on is null or immunisation.recorded_on <= {{ as_at() }})
cross join lateral (
    values
    ('CLA-01', 1::numeric, null::int, coalesce(cla.legal_status, 'not recorded')),
    ('CLA-02', 1, null, null),
    ('CLA-07', cla.is_uasc::int, 1, null),
    ('CLA-14', (cla.visit_due_on >= cla.snapshot_on)::int, 1, null),
    (
        'CLA-15',
        case
            when cla.reviewed_on is not null or cla.review_due_on < cla.snapshot_on
                then (cla.late_reviews = 0 and cla.review_due_on >= cla.snapshot_on)::int
        end, 1, null
    ),
    ('CLA-17', (cla.workers >= 3)::int, 1, null),
    ('CLA-22', cla.is_worker_registered::int, 1, null),
    ('PLC-01', (cla.placements >= 3)::int, 1, null),
    (
        'PLC-02',
        case
            when cla.age < 16 and {{ add_months('cla.period_started_on', 30) }} <= cla.snapshot_on
                then (
                    {{ add_months('cla.placed_on', 24) }} <= cla.snapshot_on
                    or coalesce(
                        cla.placement_type in ('A3', 'A4', 'A5', 'A6')
                        and {{ add_months('cla.previously_placed_on', 24) }} <= cla.snapshot_on, false
                    )
                )::int
        end, 1, null
    ),
    ('PLC-06', coalesce(cla.placement_type in ('U1', 'U2', 'U3', 'U4', 'U5', 'U6'), false)::int, 1, null),
    ('PLC-07', coalesce(cla.placement_type in ('K1', 'K2'), false)::int, 1, null),
    ('PLC-08', coalesce(cla.placement_type in ('H5', 'P2', 'K3'), false)::int, 1, null),
    ('PLC-11', coalesce(cla.placement_type = 'P1', false)::int, 1, null),
    (
        'HLT-02',
        case
            when {{ add_months('cla.period_started_on', 'case when cla.age < 5 then 6 else 12 end') }} <= cla.snapshot_on
                then coalesce(
                    {{ add_months('cla.assessed_on', 'case when cla.age < 5 then 6 else 12 end') }} >= cla.snapshot_on,
                    false
                )::int
        end, 1, null
    ),
    (
        'HLT-03',
        case
            when cla.is_in_care_12_months
                then (cla.assessments >= case when cla.age < 5 then 2 else 1 end)::int
        end, 1, null
    ),
    (
        'HLT-04',
        case
            when cla.is_in_care_12_months then coalesce(cla.dental_checked_on > cla.year_ago_on, false)::int
        end, 1, null
    ),
    (
        'HLT-05',
        case
            when cla.is_in_care_12_months and cla.snapshot_on = {{ as_at() }}
                then coalesce(immunisation.is_up_to_date_flag = 'Y', false)::int
        end, 1, null
    ),
    ('HLT-07', case when cla.is_in_care_12_months and cla.age between 4 and 16 then cla.sdq_score end, 1, null)
) as rule (indicator_id, numerator, denominator, detail)
where rule.numerator is not null
