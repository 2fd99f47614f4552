-- Children looked after for 12 months on each snapshot day (SSDA903, OC2), one line an indicator. A numerator left
-- empty keeps the child out of the indicator.
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
cross join lateral (
    select
        bool_or(true) as is_misusing,
        bool_or(misuse.intervention_received_flag = 'Y') as is_helped
    from {{ ref('stg_ssd_cla_substance_misuse') }} as misuse
    where
        misuse.child_key = cla.child_key
        and misuse.misused_on > cla.year_ago_on
        and misuse.misused_on <= cla.snapshot_on
) as substances
cross join lateral (
    select
        exists(
            select 1
            from {{ ref('stg_ssd_cla_convictions') }} as conviction
            where
                conviction.child_key = cla.child_key
                and conviction.convicted_on > cla.year_ago_on
                and conviction.convicted_on <= cla.snapshot_on
        ) as is_convicted
) as offences
cross join lateral (
    values
    ('HLT-07a', (cla.sdq_score <= 13)::int),
    ('HLT-07b', (cla.sdq_score between 14 and 16)::int),
    ('HLT-07c', (cla.sdq_score >= 17)::int),
    ('HLT-08', case when cla.age between 4 and 16 then (cla.sdq_score is not null)::int end),
    ('HLT-09', coalesce(substances.is_misusing, false)::int),
    ('HLT-10', case when substances.is_misusing then coalesce(substances.is_helped, false)::int end),
    ('OFF-01', case when cla.age between 10 and 17 then offences.is_convicted::int end)
) as rule (indicator_id, numerator)
where
    {{ add_months('cla.period_started_on', 12) }} <= cla.snapshot_on
    and rule.numerator is not null
