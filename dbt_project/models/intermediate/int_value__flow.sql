{{ config(indexes=[{'columns': ['indicator_no', 'category_no', 'unit_no'], 'unique': true}]) }}
-- Flows that are added up, a row for each series: the totals from its beginning to each month with an event, and on to
-- each week. What a period holds is the total at its last step without that before its first (`fct_indicator_value`).
with {{ levels('sums.bucket_no < 1000') }},

of_children as (
    select distinct indicator_no from {{ ref('int_value__cut') }} where category_no is not null
),

step as (
    select * from levels
    union all
    {{ zeros('indicator.is_flow and indicator.is_summed', 'select indicator_no from of_children') }}
),

figure as (
    select step.*, {{ series_no('step') }} as series_no
    from step
    inner join {{ ref('int_grid__indicator') }} as indicator using (indicator_no)
    where {{ has_figure('step', 'indicator') }}
),

running as (
    select
        series_no, indicator_no, unit_no, category_no, step_no,
        sum(numerator) over up_to_here as numerator, sum(denominator) over up_to_here as denominator
    from figure
    window up_to_here as (partition by series_no order by step_no)
)

{{ series('running') }}
