-- Clocks T08_first, T08_second and T08_later: every review of a period of care that was held or is owed. Series
-- of short breaks (V3, V4) are reviewed under other rules and are left out. What was due before the first review on
-- record says nothing: they were not delivered then.
with first_record as (
    select min(reviewed_on) as first_on
    from {{ ref('stg_ssd_cla_reviews') }}
),

link as (
    select
        period_of_care_id, 1 as review_number, started_on as start_on, limit_on as due_on, null::date as done_on
    from {{ ref('int_cla_period') }}
    where period_of_care_id not in (select period_of_care_id from {{ ref('int_cla_review') }})
    union all
    select
        period_of_care_id, review_number, coalesce(previous_reviewed_on, started_on), due_on, reviewed_on
    from {{ ref('int_cla_review') }}
    union all
    select
        period_of_care_id, review_number + 1, reviewed_on, next_due_on, null
    from {{ ref('int_cla_review') }}
    where next_reviewed_on is null
)

select
    case link.review_number when 1 then 'T08_first' when 2 then 'T08_second' else 'T08_later' end as clock_id,
    link.period_of_care_id as case_id,
    period.child_key,
    allocation.worker_code,
    allocation.team_code,
    link.start_on,
    link.due_on,
    link.done_on,
    period.ended_on,
    'The child left care before the review was due.' as reason,
    period.feed,
    period.delivery_id,
    period.row_no
from link
inner join {{ ref('int_cla_period') }} as period using (period_of_care_id)
inner join first_record
    on {{ is_on_record('link.due_on', 'link.done_on', 'period.ended_on', 'first_record.first_on') }}
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'period.child_key', duty_day('link.done_on', 'period.ended_on')) }}
where
    not period.is_short_break
    and (link.done_on is not null or period.ended_on is null or link.start_on < period.ended_on)
    and {{ is_listed('link.due_on', 'link.done_on', 'period.ended_on') }}
