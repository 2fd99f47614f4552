-- Every category of every breakdown under a number: those of children, and the indicators' own.
with detail as (
    select distinct detail
    from {{ ref('int_observation') }}
    where detail is not null and coalesce(bucket_no, 0) < 2000
)

select category_no, breakdown, category from {{ ref('int_grid__category') }}
union all
select (10000 + row_number() over (order by detail))::int, 'detail', detail
from detail
