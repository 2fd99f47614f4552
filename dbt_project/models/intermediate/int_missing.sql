{{ config(indexes=[{'columns': ['child_key']}]) }}
-- One row a missing (M) or away (A) episode with its return interview: the first one held on or after the return. Hours
-- are elapsed hours: local times are read in London, so that the days on which the clocks change have 23 and 25.
with missing as (
    select
        missing_id,
        child_key,
        missing_type,
        started_at,
        case when ended_at::date <= {{ as_at() }} then ended_at end as ended_at,
        interview_offered,
        interview_accepted,
        feed,
        delivery_id,
        row_no
    from {{ ref('stg_ssd_missing') }}
    where started_at::date <= {{ as_at() }}
),

interview as (
    select missing_id, min(held.interviewed_at) as interviewed_at
    from missing
    inner join {{ ref('stg_return_interview') }} as held using (missing_id)
    where held.interviewed_at >= missing.ended_at and held.interviewed_at::date <= {{ as_at() }}
    group by missing_id
)

select
    missing.*,
    missing.started_at::date as started_on,
    missing.ended_at::date as ended_on,
    interview.interviewed_at,
    -- Episodes of the same type begun in the 90 days that end with the start of this one.
    count(*) over (
        partition by missing.child_key, missing.missing_type
        order by missing.started_at::date
        range between interval '89 days' preceding and current row
    ) as episodes_in_90_days,
    clock.due_at as interview_due_at,
    -- Empty while the 72 hours run on after the end of the as-at date and there has been no interview.
    case
        when interview.interviewed_at is not null
            then interview.interviewed_at at time zone 'Europe/London' <= clock.due_at
        when clock.due_at < ({{ as_at() }} + 1)::timestamp at time zone 'Europe/London' then false
    end as is_interviewed_in_time
from missing
left join interview using (missing_id)
cross join lateral (
    select missing.ended_at at time zone 'Europe/London' + interval '72 hours' as due_at
) as clock
