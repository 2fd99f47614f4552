-- Clock T05b_birth: a review conference or core group within ten working days of the birth of a child who was on a plan
-- before it (London safeguarding children procedures, 4.1.22). Whether the mother was fit to attend is not recorded.
-- What was due before the first such meeting on record says nothing: they were not delivered then.
with born as (
    select
        plan.plan_id,
        plan.child_key,
        plan.ended_on,
        person.birth_on,
        plan.feed,
        plan.delivery_id,
        plan.row_no
    from {{ ref('int_cp_plan') }} as plan
    inner join {{ ref('int_person') }} as person
        on
            plan.child_key = person.child_key
            and plan.started_on < person.birth_on
            and person.birth_on <= coalesce(plan.ended_on, {{ as_at() }})
),

meeting as (
    select plan_id, held_on from {{ ref('stg_ssd_cp_reviews') }}
    union all
    select plan_id, held_on from {{ ref('stg_core_group') }}
),

first_record as (
    select min(held_on) as first_on
    from meeting
),

answered as (
    select
        born.plan_id,
        min(meeting.held_on) as held_on
    from born
    inner join meeting
        on
            born.plan_id = meeting.plan_id
            and born.birth_on <= meeting.held_on
            and meeting.held_on <= {{ as_at() }}
    group by born.plan_id
)

select
    'T05b_birth' as clock_id,
    born.plan_id as case_id,
    born.child_key,
    allocation.worker_code,
    allocation.team_code,
    born.birth_on as start_on,
    birth_limit.last_on as due_on,
    answered.held_on as done_on,
    born.ended_on,
    'The plan ended before the meeting was due.' as reason,
    born.feed,
    born.delivery_id,
    born.row_no
from born
left join answered using (plan_id)
{{ join_working_day_limit('birth_limit', 'born.birth_on', 10) }}
inner join first_record
    on {{ is_on_record('birth_limit.last_on', 'answered.held_on', 'born.ended_on', 'first_record.first_on') }}
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'born.child_key', duty_day('answered.held_on', 'born.ended_on')) }}
where {{ is_listed('birth_limit.last_on', 'answered.held_on', 'born.ended_on') }}
