-- Short breaks (V3) in the 12 months to each snapshot day, a row a child: their days in these months, and whether one
-- was longer than 17 days (Care Planning Regulations 2010, reg 48; SSDA903 rules 365 and 367). A day is a night away.
with break as (
    select
        day.snapshot_on,
        status.*,
        least(coalesce(status.ended_on, day.snapshot_on), day.snapshot_on) as until_on,
        greatest(status.started_on, {{ add_months('day.snapshot_on', -12) }}) as from_on
    from {{ ref('int_snapshot') }} as day
    inner join {{ ref('int_legal_limit') }} as status
        on
            status.legal_status = 'V3'
            and status.started_on <= day.snapshot_on
            and (status.ended_on is null or status.ended_on > {{ add_months('day.snapshot_on', -12) }})
)

select
    snapshot_on,
    child_key,
    sum(until_on - from_on) as days_in_year,
    bool_or(until_on > due_on) as is_one_too_long,
    (array_agg(feed order by started_on desc, legal_status_id desc))[1] as feed,
    (array_agg(delivery_id order by started_on desc, legal_status_id desc))[1] as delivery_id,
    (array_agg(row_no order by started_on desc, legal_status_id desc))[1] as row_no
from break
group by snapshot_on, child_key
