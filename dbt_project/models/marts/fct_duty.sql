{#- Every model that contributes duties: one line each. -#}
{% set contributors = [
    'int_referral__duties',
    'int_assessment__duties',
    'int_s47__duties',
    'int_conference__duties',
    'int_cin_plan__duties',
    'int_cp_plan__duties',
    'int_cla_review__duties',
    'int_cla_visit__duties',
    'int_cla_health__duties',
    'int_care_leaver__duties',
    'int_missing__duties',
    'int_legal_limit__duties',
    'int_cp_plan_core_group__duties',
    'int_cp_plan_birth__duties',
    'int_chair_report__duties',
    'int_cla_education_plan__duties',
    'int_adoption__duties',
    'int_private_fostering__duties',
] %}
{#- Those of a clock in hours, which say themselves whether they were in time. -#}
{% set judged_by_the_hour = ['int_missing__duties'] %}
-- A duty is met or late once it is done. One that fell away before it was due, or that never had a due date, is not
-- applicable; one that fell away after it was due, undone, is late. What is left is owed: due, or overdue.
-- Days decide; of a clock in hours the hour does, on the last day.
with gathered as (
    {% for contributor in contributors %}
    select
        clock_id, case_id, child_key, worker_code, team_code, start_on, due_on, done_on, ended_on, reason,
        {{ 'is_in_time' if contributor in judged_by_the_hour else 'null::boolean' }} as is_in_time,
        feed, delivery_id, row_no
    from {{ ref(contributor) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

closed as (
    select
        gathered.*,
        coalesce(done_on, ended_on) as closed_on,
        case
            when due_on is null then 'not_applicable'
            when done_on <= due_on and is_in_time is not false then 'met'
            when done_on is not null then 'late'
            when ended_on <= due_on then 'not_applicable'
            when ended_on is not null then 'late'
            when due_on < {{ as_at() }} or not is_in_time then 'overdue'
            else 'due'
        end as state
    from gathered
),

-- Without a feed that a clock needs none of its duties is known.
clock as (
    select
        clocks.clock_id,
        clocks.title,
        coalesce(clocks.limit_number, framework.value) as limit_number,
        clocks.limit_unit
    from {{ ref('clocks') }} as clocks
    left join {{ source('framework', 'framework_clock') }} as framework
        on clocks.parameter = framework.parameter and framework.council = '{{ var("council") }}'
    where
        not exists (
            select 1 from {{ ref('int_clock__need') }} as need
            where need.clock_id = clocks.clock_id and not need.is_delivered
        )
)

select
    '{{ var("council") }}'::text as council,
    (closed.clock_id || ':' || closed.case_id || ':' || closed.start_on)::text as duty_id,
    closed.clock_id::text as clock_id,
    clock.title::text as title,
    clock.limit_number::int as limit_number,
    clock.limit_unit::text as limit_unit,
    closed.child_key::text as child_key,
    closed.case_id::text as case_id,
    case when team.team_code is null then 'unallocated' else coalesce(closed.worker_code, 'unallocated') end::text
        as worker_code,
    coalesce(team.team_code, 'unallocated')::text as team_code,
    closed.start_on::date as start_on,
    closed.due_on::date as due_on,
    closed.done_on::date as done_on,
    closed.ended_on::date as ended_on,
    closed.state::text as state,
    case
        when closed.state = 'not_applicable' then closed.reason
        when closed.state = 'late' and closed.done_on is null then 'It ended without being done.'
    end::text as reason,
    case
        when closed.state = 'late' then closed.due_on - closed.closed_on
        when closed.state in ('due', 'overdue') then closed.due_on - {{ as_at() }}
    end::int as days_left,
    case
        when clock.limit_unit = 'working_days' and closed.state <> 'not_applicable'
            then last_day.cum_wd - start_day.cum_wd
    end::int as working_days,
    {{ as_at() }} as as_at,
    closed.feed::text as feed,
    closed.delivery_id::bigint as delivery_id,
    closed.row_no::int as row_no
from closed
inner join clock using (clock_id)
left join {{ ref('int_team') }} as team using (team_code)
left join {{ ref('calendar') }} as start_day on closed.start_on = start_day.calendar_on
left join {{ ref('calendar') }} as last_day on coalesce(closed.closed_on, {{ as_at() }}) = last_day.calendar_on
