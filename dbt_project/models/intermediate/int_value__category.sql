-- Every category of every breakdown under a number: those of children, and the indicators' own.
with detail as (
    select detail from {{ ref('int_value__cut') }}
    union
    select detail from {{ ref('int_observation') }} where bucket_no is null
)

select category_no, breakdown, category from {{ ref('int_grid__category') }}
union all
select (10000 + row_number() over (order by detail))::int, 'detail', detail
from detail
where detail is not null
