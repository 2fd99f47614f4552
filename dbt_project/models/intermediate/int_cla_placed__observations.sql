-- Where looked-after children are placed. One line an indicator; a numerator left empty keeps the child out.
with two_years as (
    select
        cohort.snapshot_on,
        cohort.child_key,
        count(distinct placement.stay_id) as placements
    from {{ ref('int_cla__cohort') }} as cohort
    inner join {{ ref('int_cla_placement') }} as placement
        on
            cohort.child_key = placement.child_key
            and placement.is_counted
            and placement.started_on <= cohort.snapshot_on
            and (placement.ended_on is null or placement.ended_on > {{ add_months('cohort.snapshot_on', -24) }})
    where {{ add_months('cohort.period_started_on', 24) }} <= cohort.snapshot_on
    group by 1, 2
)

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
left join {{ ref('stg_ssd_cla_placement') }} as placement
    on cla.placement_id = placement.placement_id and cla.child_key = placement.child_key
left join two_years
    on cla.snapshot_on = two_years.snapshot_on and cla.child_key = two_years.child_key
cross join lateral (
    select
        ({{ add_months('cla.period_started_on', 24) }} <= cla.snapshot_on) as is_two_years,
        cla.placement_type in ('R1', 'R2', 'R3', 'R5', 'S1') as is_other_residential,
        cla.placement_type in ('Z1', 'Z11', 'Z12', 'Z13', 'Z14', 'T0', 'T1', 'T2', 'T3', 'T4') as is_other,
        -- XXXXXXX stands for a setting without a number (SSDA903).
        cla.age < 16
        and cla.placement_type in (
            'K1', 'K2', 'K3', 'H5', 'P2', 'R1', 'R2', 'R3', 'R5', 'S1', 'Z1', 'Z11', 'Z12', 'Z13', 'Z14'
        )
        and coalesce(placement.urn, 'XXXXXXX') = 'XXXXXXX' as is_unregistered
) as setting
cross join lateral (
    values
    ('PLC-03', case when setting.is_two_years then (coalesce(two_years.placements, 0) >= 3)::int end, 1, null),
    ('PLC-09', case when setting.is_other_residential then 1 end, null, null),
    ('PLC-10', case when setting.is_other then 1 end, null, null),
    ('PLC-13', 1, null, coalesce(placement.provider, 'not recorded')),
    ('PLC-16', case when setting.is_unregistered then 1 end, null, null)
) as rule (indicator_id, numerator, denominator, detail)
where rule.numerator is not null
