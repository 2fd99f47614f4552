-- Plans for permanence, the reviewing officer's contact and time in care of looked-after children. One line an
-- indicator; a numerator left empty keeps the child out of the indicator.
with plan as (
    select
        child_key,
        started_on,
        {{ known('ended_on') }} as ended_on
    from {{ ref('stg_ssd_cla_care_plan') }}
    where
        started_on <= {{ as_at() }}
        and case when care_plan_json is json object then care_plan_json::jsonb ->> 'PLAN' end <> ''
),

-- Joined by child once: looked up for each child and day, the plans would be read thousands of times.
planned as (
    select distinct
        cla.child_key,
        cla.snapshot_on
    from {{ ref('int_cla__snapshot') }} as cla
    inner join plan using (child_key)
    where {{ open_at('plan.started_on', 'plan.ended_on', 'cla.snapshot_on') }}
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
inner join {{ ref('stg_ssd_cla_episodes') }} as episode using (episode_id)
left join planned on cla.child_key = planned.child_key and cla.snapshot_on = planned.snapshot_on
cross join lateral (
    select
        {{ known('episode.last_iro_contact_on') }} as contacted_on,
        -- Before the first review, any contact since the child came into care.
        coalesce(cla.reviewed_on, cla.period_started_on - 1) as reviewed_on,
        ({{ add_months('cla.period_started_on', 4) }} <= cla.snapshot_on) as is_four_months,
        (planned.child_key is not null) as has_plan
) as known
cross join lateral (
    values
    ('CLA-19', case when known.is_four_months then known.has_plan::int end),
    -- The feed holds the latest contact alone.
    (
        'CLA-20',
        case
            when cla.snapshot_on = {{ as_at() }} then coalesce(known.contacted_on > known.reviewed_on, false)::int
        end
    ),
    ('CLA-21', cla.snapshot_on - cla.period_started_on)
) as rule (indicator_id, numerator)
where rule.numerator is not null
