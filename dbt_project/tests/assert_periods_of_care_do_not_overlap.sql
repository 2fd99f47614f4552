{{ config(severity='warn') }}
-- A child is in one period of care at a time. Records of real councils break this; the figures take the episode that
-- began last.
select
    earlier.period_of_care_id,
    later.period_of_care_id as later_period_of_care_id
from {{ ref('int_cla_period') }} as earlier
inner join {{ ref('int_cla_period') }} as later
    on
        earlier.child_key = later.child_key
        and earlier.period_of_care_id < later.period_of_care_id
        and earlier.started_on < coalesce(later.ended_on, {{ as_at() }} + 1)
        and later.started_on < coalesce(earlier.ended_on, {{ as_at() }} + 1)
