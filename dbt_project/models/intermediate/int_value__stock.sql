{{ config(indexes=[{'columns': ['indicator_no', 'category_no', 'unit_no'], 'unique': true}]) }}
-- Sums on snapshot days, a row for each series. Every period that ends on the day shows the same figure.
with step as (
    {{ levels('sums.bucket_no > 1000') }}
    union all
    {{ zeros('not indicator.is_flow') }}
),

summed as (
    select
        step.indicator_no, step.unit_no, step.category_no, step.step_no,
        sum(step.numerator) as numerator, sum(step.denominator) as denominator
    from step
    inner join {{ ref('int_grid__indicator') }} as indicator using (indicator_no)
    where {{ has_figure('step', 'indicator') }}
    group by 1, 2, 3, 4
)

{{ series('summed') }}
