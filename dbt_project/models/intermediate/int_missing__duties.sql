-- Clock T16: a return interview within 72 hours of each return (statutory guidance on missing children, 2014). Days are
-- shown and hours decide: `is_in_time` says of an interview on the last day whether it was within the hour, and of one
-- not held whether the hours are over. An interview still owed when the child returns from a later episode falls away:
-- it is then held about that one. What was due before the first interview on record says nothing: they were not
-- delivered then.
with first_record as (
    select min(interviewed_at)::date as first_on
    from {{ ref('stg_return_interview') }}
),

owed as (
    select
        missing.*,
        (interview_due_at at time zone 'Europe/London')::date as due_on,
        interviewed_at::date as interviewed_on,
        state.is_declined,
        case
            when state.is_declined then ended_on
            when interviewed_at is null
                then lead(ended_on) over (partition by child_key order by ended_at, missing_id)
        end as fell_away_on
    from {{ ref('int_missing') }} as missing
    cross join lateral (
        select missing.interview_offered = 'Y' and missing.interview_accepted = 'N' and missing.interviewed_at is null
            as is_declined
    ) as state
    where missing_type = 'M' and ended_at is not null
)

select
    'T16' as clock_id,
    owed.missing_id as case_id,
    owed.child_key,
    allocation.worker_code,
    allocation.team_code,
    owed.ended_on as start_on,
    owed.due_on,
    owed.interviewed_on as done_on,
    owed.fell_away_on as ended_on,
    owed.is_interviewed_in_time as is_in_time,
    case
        when owed.is_declined then 'The interview was offered and declined.'
        else 'The child returned from a later episode before the interview was due.'
    end as reason,
    owed.feed,
    owed.delivery_id,
    owed.row_no
from owed
inner join first_record
    on {{ is_on_record('owed.due_on', 'owed.interviewed_on', 'owed.fell_away_on', 'first_record.first_on') }}
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'owed.child_key', duty_day('owed.interviewed_on', 'owed.fell_away_on')) }}
