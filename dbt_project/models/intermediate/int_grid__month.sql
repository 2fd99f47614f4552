-- The months of every longer period, and of the month itself.
select
    month.bucket_no as month_no,
    period.bucket_no,
    period.period_start
from {{ ref('int_grid__bucket') }} as period
inner join {{ ref('int_grid__bucket') }} as month
    on
        month.is_flow
        and month.period_kind = 'month'
        and month.period_start between period.period_start and period.period_end
where period.is_flow and period.period_kind <> 'week'
