{{ config(indexes=[{'columns': ['indicator_no', 'category_no', 'unit_no', 'bucket_no'], 'unique': true}]) }}
-- Sums over periods for every unit and category: added up from months, taken as weeks, or computed anew where they
-- cannot be added.
with month as (
    select
        indicator_no, bucket_no as month_no, unit_no, category_no,
        sum(numerator) as numerator, sum(denominator) as denominator
    from ({{ levels('sums.bucket_no in (select month_no from ' ~ ref('int_grid__month') ~ ')') }}) as level
    group by 1, 2, 3, 4
),

cell as (
    select
        month.indicator_no, period.bucket_no, month.unit_no, month.category_no,
        month.numerator, month.denominator, null::float8 as median
    from month
    inner join {{ ref('int_grid__month') }} as period using (month_no)
    union all
    select level.*, null
    from ({{ levels('sums.bucket_no in (select week_no from ' ~ ref('int_grid__day') ~ ')') }}) as level
    union all
    select * from {{ ref('int_value__distinct') }}
    union all
    select zero.*, null
    from ({{ zeros('true') }}) as zero
)

select
    sum(cell.numerator) as numerator,
    sum(cell.denominator) as denominator,
    max(cell.median) as median,
    cell.unit_no,
    cell.category_no,
    cell.indicator_no,
    cell.bucket_no
from cell
inner join {{ ref('int_grid__indicator') }} as indicator using (indicator_no)
where {{ has_figure('cell', 'indicator') }}
group by cell.unit_no, cell.category_no, cell.indicator_no, cell.bucket_no
