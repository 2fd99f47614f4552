{{ config(indexes=[{'columns': ['indicator_no', 'category_no', 'unit_no'], 'unique': true}]) }}
-- Sums on snapshot days, a row for each series. Every period that ends on the day shows the same figure.
with {{ levels('sums.bucket_no > 1000') }},

of_children as (
    select distinct indicator_no from {{ ref('int_value__cut') }} where category_no is not null
),

step as (
    select * from levels
    union all
    {{ zeros('not indicator.is_flow', 'select indicator_no from of_children') }}
),

figure as (
    select step.*, {{ series_no('step') }} as series_no
    from step
    inner join {{ ref('int_grid__indicator') }} as indicator using (indicator_no)
    where {{ has_figure('step', 'indicator') }}
)

{{ series('figure') }}
