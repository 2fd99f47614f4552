{{ config(indexes=[{'columns': ['indicator_no', 'category_no', 'unit_no', 'bucket_no'], 'unique': true}]) }}
-- Indicators made of counts that are summed already, so that no case is observed once more for them:
-- `share` their own cases over those of the count; `split` the details of a count, each over its whole; `of_council` a
-- unit's part of the council's count; `total` counts added up, for a rate the one count above its line. A count has its
-- zeros; so has what is made of it.
with made as (
    select indicator.*, counted.indicator_no as count_no
    from {{ ref('int_grid__indicator') }} as indicator
    cross join lateral string_to_table(indicator.made_of, ' ') as part (count_id)
    inner join {{ ref('int_grid__indicator') }} as counted on part.count_id = counted.indicator_id
),

summed as (
    {% for cells in ['int_value__stock', 'int_value__flow'] %}
    select indicator_no, bucket_no, unit_no, category_no, numerator
    from {{ ref(cells) }}
    where indicator_no in (select indicator_no from made union select count_no from made)
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Without the counts' own details, which have the numbers above 10000.
whole as (
    select made.indicator_no as made_no, made.aggregation, made.is_flow, summed.*
    from made
    inner join summed on made.count_no = summed.indicator_no
    where summed.category_no < 10000 and {{ has_figure('summed', 'made') }}
),

-- The same period of a flow and of a stock, for totals of both; a stock's breakdowns have no weeks.
same_period as (
    select stock.bucket_no as stock_no, flow.bucket_no, flow.period_kind
    from {{ ref('int_grid__bucket') }} as stock
    inner join {{ ref('int_grid__bucket') }} as flow using (period_kind, period_start)
    where flow.is_flow and not stock.is_flow
)

select
    whole.made_no as indicator_no, whole.bucket_no, whole.unit_no, whole.category_no,
    coalesce(own.numerator, 0) as numerator, whole.numerator as denominator
from whole
left join summed as own
    on
        whole.made_no = own.indicator_no
        and whole.bucket_no = own.bucket_no
        and whole.unit_no = own.unit_no
        and whole.category_no = own.category_no
where whole.aggregation = 'share'
union all
select
    whole.made_no, whole.bucket_no, whole.unit_no, detail.category_no,
    detail.numerator, whole.numerator as denominator
from whole
inner join summed as detail
    on
        whole.indicator_no = detail.indicator_no
        and whole.bucket_no = detail.bucket_no
        and whole.unit_no = detail.unit_no
        and detail.category_no > 10000
where whole.aggregation = 'split' and whole.category_no = 0
union all
select
    whole.made_no, whole.bucket_no, part.unit_no, 0,
    part.numerator, whole.numerator as denominator
from whole
inner join {{ ref('int_value__unit') }} as council on whole.unit_no = council.unit_no and council.level = 'council'
inner join summed as part
    on whole.indicator_no = part.indicator_no and whole.bucket_no = part.bucket_no and part.category_no = 0
inner join {{ ref('int_value__unit') }} as unit on part.unit_no = unit.unit_no and unit.has_zeros
where whole.aggregation = 'of_council' and whole.category_no = 0
union all
select
    whole.made_no, coalesce(same_period.bucket_no, whole.bucket_no) as bucket_no, whole.unit_no, whole.category_no,
    sum(whole.numerator), null
from whole
left join same_period on whole.is_flow and whole.bucket_no = same_period.stock_no
where
    whole.aggregation = 'total'
    and (whole.category_no = 0 or same_period.period_kind is distinct from 'week')
group by 1, 2, 3, 4
