{#- What two events of a step share. Links of different kinds never meet: each step has one. -#}
{% set link_key %}case step.link
            when 'child' then event.child_key
            when 'referral' then event.referral_id
            when 'conference' then event.conference_id
            when 'case' then event.case_id
        end{% endset %}
-- One row for each event and each step that may follow it. A step is taken at the first event of the next stage that
-- belongs to it: of the same referral, conference or case, or of the same child within the step's window. The window is
-- the same for every event, so that cohorts whose window has passed can be compared with each other.
with step as (
    select
        *,
        case when link = 'child' then window_days end as last_days
    from {{ ref('journey_steps') }}
),

started as (
    select
        step.*,
        event.case_id,
        event.child_key,
        event.event_on,
        event.detail,
        event.worker_code,
        event.team_code,
        event.feed,
        event.delivery_id,
        event.row_no,
        {{ link_key }} as link_key
    from step
    inner join {{ ref('int_journey__event') }} as event on step.from_stage = event.stage
),

-- Kept apart, so that the two are joined by step and link rather than compared stage by stage.
following as materialized (
    select
        step.step_id,
        event.case_id,
        event.event_on,
        event.detail,
        {{ link_key }} as link_key
    from step
    inner join {{ ref('int_journey__event') }} as event on step.to_stage = event.stage
),

first_following as (
    select distinct on (started.step_id, started.case_id, started.event_on)
        started.step_id,
        started.case_id,
        started.event_on,
        following.case_id as to_id,
        following.event_on as to_on,
        following.detail as to_detail
    from started
    inner join following
        on
            started.step_id = following.step_id
            and started.link_key = following.link_key
            and following.event_on >= started.event_on - started.days_before
            and (started.last_days is null or following.event_on <= started.event_on + started.last_days)
    order by started.step_id, started.case_id, started.event_on, following.event_on, following.case_id
),

judged as (
    select
        started.*,
        first_following.to_id,
        first_following.to_on,
        first_following.to_detail,
        started.event_on + started.window_days <= {{ as_at() }} as is_matured,
        case
            when first_following.to_on <= started.event_on + started.window_days then 'converted'
            when started.event_on + started.window_days > {{ as_at() }} then 'pending'
            when first_following.to_on is not null then 'late'
            else 'not_converted'
        end as outcome
    from started
    left join first_following using (step_id, case_id, event_on)
)

select
    '{{ var("council") }}'::text as council,
    (judged.step_id || ':' || judged.case_id || ':' || judged.event_on)::text as journey_id,
    judged.step_id::text as step_id,
    judged.kind::text as step_kind,
    judged.from_stage::text as from_stage,
    judged.to_stage::text as to_stage,
    judged.child_key::text as child_key,
    judged.case_id::text as from_id,
    judged.event_on::date as from_on,
    judged.detail::text as from_detail,
    judged.to_id::text as to_id,
    judged.to_on::date as to_on,
    judged.to_detail::text as to_detail,
    (judged.to_on - judged.event_on)::int as days_between,
    judged.window_days::int as window_days,
    judged.is_matured::boolean as is_matured,
    judged.outcome::text as outcome,
    {{ own_place('judged') }},
    {{ as_at() }} as as_at,
    judged.feed::text as feed,
    judged.delivery_id::bigint as delivery_id,
    judged.row_no::int as row_no
from judged
left join {{ ref('int_team') }} as team using (team_code)
