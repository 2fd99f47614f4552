-- Enquiries at their start, and on each snapshot day those past their limit whose conference is owed and not held:
-- open, or ended without the answer that none is needed (the duties of T03 that are overdue). One line an indicator; a
-- numerator left empty keeps the enquiry out of the indicator.
with started as (
    select
        rule.indicator_id, enquiry.enquiry_id as case_id, enquiry.child_key,
        enquiry.worker_code, enquiry.team_code, enquiry.started_on as observed_on,
        rule.numerator, rule.denominator, null::text as detail,
        enquiry.feed, enquiry.delivery_id, enquiry.row_no
    from {{ ref('int_s47') }} as enquiry
    cross join lateral (
        -- Enquiries that may still have their conference in time say nothing about conversion yet.
        select case
            when enquiry.conference_due_on < {{ as_at() }} then (enquiry.conference_held_on is not null)::int
        end as is_led_to_conference
    ) as matured
    cross join lateral (
        values
        ('S47-01', 1, null::int),
        ('S47-03', matured.is_led_to_conference, 1),
        ('S47-05', case when enquiry.is_repeat then 1 end, null)
    ) as rule (indicator_id, numerator, denominator)
    where rule.numerator is not null
),

pending as (
    select
        'S47-10', enquiry.enquiry_id, enquiry.child_key,
        allocation.worker_code, allocation.team_code, day.snapshot_on, 1, null::int, null::text,
        enquiry.feed, enquiry.delivery_id, enquiry.row_no
    from {{ ref('int_s47') }} as enquiry
    inner join {{ ref('int_snapshot') }} as day
        on
            {{ open_at('enquiry.started_on', 'enquiry.fell_away_on', 'day.snapshot_on') }}
            and day.snapshot_on > enquiry.conference_due_on
            and (enquiry.conference_held_on is null or enquiry.conference_held_on > day.snapshot_on)
    left join {{ ref('int_allocation') }} as allocation
        on {{ held_on('allocation', 'enquiry.child_key', 'day.snapshot_on') }}
)

select * from started
union all
select * from pending
