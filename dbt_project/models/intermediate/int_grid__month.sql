-- The months of every longer period, and of the month itself.
select
    generate_series(after_step + 1, last_step)::smallint as month_no,
    bucket_no,
    after_step
from {{ ref('int_grid__bucket') }}
where is_flow and period_kind <> 'week'
