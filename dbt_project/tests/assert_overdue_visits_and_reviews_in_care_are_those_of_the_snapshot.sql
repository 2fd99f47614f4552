{{ config(severity='warn') }}
-- What the list of duties calls overdue at the as-at date is what the figures count as overdue. A placement or a period
-- of care that was not delivered parts the two.
with counted as (
    select 'T08' as clock, child_key
    from {{ ref('int_cla__snapshot') }}
    where snapshot_on = {{ as_at() }} and review_due_on < {{ as_at() }}
    union all
    select 'T09', child_key
    from {{ ref('int_cla__snapshot') }}
    where snapshot_on = {{ as_at() }} and not is_visited_in_time
),

listed as (
    select split_part(clock_id, '_', 1) as clock, child_key
    from {{ ref('fct_duty') }}
    where state = 'overdue' and split_part(clock_id, '_', 1) in ('T08', 'T09')
)

(select * from counted except all select * from listed)
union all
(select * from listed except all select * from counted)
