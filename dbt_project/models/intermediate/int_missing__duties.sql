-- Clock T16: a return interview within 72 hours of each return (statutory guidance on missing children, 2014). Hours
-- decide and days are shown: an interview on the last day, but after the hour, is dated one day late. An interview
-- still owed when the child returns from a later episode falls away: it is then held about that one. What was due
-- before the first interview on record says nothing: they were not delivered then.
with first_record as (
    select min(interviewed_at)::date as first_on
    from {{ ref('stg_return_interview') }}
),

owed as (
    select
        missing.*,
        (interview_due_at at time zone 'Europe/London')::date as due_day,
        interviewed_at::date as interviewed_on,
        lead(ended_on) over (partition by child_key order by ended_at, missing_id) as next_ended_on,
        (interview_offered = 'Y' and interview_accepted = 'N' and interviewed_at is null) as is_declined
    from {{ ref('int_missing') }} as missing
    where missing_type = 'M' and ended_at is not null
),

dated as (
    select
        owed.*,
        case
            when interviewed_at is not null and not is_interviewed_in_time then least(due_day, interviewed_on - 1)
            else due_day
        end as due_on,
        case when is_declined then ended_on when interviewed_at is null then next_ended_on end as fell_away_on
    from owed
)

select
    'T16' as clock_id,
    dated.missing_id as case_id,
    dated.child_key,
    allocation.worker_code,
    allocation.team_code,
    dated.ended_on as start_on,
    dated.due_on,
    dated.interviewed_on as done_on,
    dated.fell_away_on as ended_on,
    case
        when dated.is_declined then 'The interview was offered and declined.'
        else 'The child returned from a later episode before the interview was due.'
    end as reason,
    dated.feed,
    dated.delivery_id,
    dated.row_no
from dated
inner join first_record
    on {{ is_on_record('dated.due_on', 'dated.interviewed_on', 'dated.fell_away_on', 'first_record.first_on') }}
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'dated.child_key', duty_day('dated.interviewed_on', 'dated.fell_away_on')) }}
