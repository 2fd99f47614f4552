{{ config(indexes=[{'columns': ['child_key']}]) }}
-- One row a missing (M) or away (A) episode with its return interview. Hours are elapsed hours: local times
-- are read in London, so that the days on which the clocks change have 23 and 25.
with interview as (
    select missing_id, min(interviewed_at) as interviewed_at
    from {{ ref('stg_return_interview') }}
    where interviewed_at::date <= {{ as_at() }}
    group by 1
),

missing as (
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
    (missing.ended_at at time zone 'Europe/London' + interval '72 hours') as interview_due_at,
    coalesce(
        interview.interviewed_at at time zone 'Europe/London'
        <= missing.ended_at at time zone 'Europe/London' + interval '72 hours',
        false
    ) as is_interviewed_in_time
from missing
left join interview using (missing_id)
