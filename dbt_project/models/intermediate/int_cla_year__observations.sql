-- Children looked after for all of the 12 months to each snapshot day (SSDA903, OC2), one line an indicator. A
-- numerator left empty keeps the child out of the indicator.
with misuse as (
    select
        cla.child_key,
        cla.snapshot_on,
        bool_or(misuse.intervention_received_flag = 'Y') as is_helped
    from {{ ref('int_cla__snapshot') }} as cla
    inner join {{ ref('stg_ssd_cla_substance_misuse') }} as misuse using (child_key)
    where misuse.misused_on > cla.year_ago_on and misuse.misused_on <= cla.snapshot_on
    group by 1, 2
),

conviction as (
    select distinct
        cla.child_key,
        cla.snapshot_on
    from {{ ref('int_cla__snapshot') }} as cla
    inner join {{ ref('stg_ssd_cla_convictions') }} as conviction using (child_key)
    where conviction.convicted_on > cla.year_ago_on and conviction.convicted_on <= cla.snapshot_on
)

select
    rule.indicator_id,
    cla.period_of_care_id as case_id,
    cla.child_key,
    cla.worker_code,
    cla.team_code,
    cla.snapshot_on as observed_on,
    rule.numerator,
    1 as denominator,
    null as detail,
    cla.feed,
    cla.delivery_id,
    cla.row_no
from {{ ref('int_cla__snapshot') }} as cla
left join misuse using (child_key, snapshot_on)
left join conviction using (child_key, snapshot_on)
cross join lateral (
    values
    ('HLT-07a', (cla.sdq_score <= 13)::int),
    ('HLT-07b', (cla.sdq_score between 14 and 16)::int),
    ('HLT-07c', (cla.sdq_score >= 17)::int),
    ('HLT-08', case when cla.age_at_start >= 4 and cla.age < 17 then (cla.sdq_score is not null)::int end),
    ('HLT-09', (misuse.child_key is not null)::int),
    ('HLT-10', case when misuse.child_key is not null then coalesce(misuse.is_helped, false)::int end),
    ('OFF-01', case when cla.age between 10 and 17 then (conviction.child_key is not null)::int end)
) as rule (indicator_id, numerator)
where
    cla.period_started_on <= cla.year_ago_on + 1
    and rule.numerator is not null
