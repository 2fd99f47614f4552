-- One row a child, kind of check and day on which it was completed; refused checks are not received.
-- `checks_so_far` counts up, so that the checks of a year are a difference.
select
    child_key,
    check_type,
    checked_on,
    lead(checked_on) over day_by_day as next_checked_on,
    (sum(count(*)) over day_by_day)::int as checks_so_far
from {{ ref('stg_ssd_cla_health') }}
where
    check_type in ('Health Assessment', 'Dental Check')
    and check_status = 'Completed'
    and checked_on <= {{ as_at() }}
group by child_key, check_type, checked_on
window day_by_day as (partition by child_key, check_type order by checked_on)
