{{ config(indexes=[{'columns': ['indicator_no', 'category_no', 'unit_no', 'bucket_no'], 'unique': true}]) }}
-- Sums on snapshot days for every unit and category. Every period that ends on the day shows the same figure.
with cell as (
    {{ levels('sums.bucket_no > 1000') }}
    union all
    {{ zeros('not indicator.is_flow and (bucket.bucket_no < 2000 or indicator.has_weeks)') }}
)

select
    sum(cell.numerator) as numerator,
    sum(cell.denominator) as denominator,
    null::float8 as median,
    cell.unit_no,
    cell.category_no,
    cell.indicator_no,
    cell.bucket_no
from cell
inner join {{ ref('int_grid__indicator') }} as indicator using (indicator_no)
where {{ has_figure('cell', 'indicator') }}
group by cell.unit_no, cell.category_no, cell.indicator_no, cell.bucket_no
