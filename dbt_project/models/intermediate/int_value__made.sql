{{ config(indexes=[{'columns': ['indicator_no', 'category_no', 'unit_no'], 'unique': true}]) }}
-- Indicators made of counts that are summed already, so that no case is observed once more for them:
-- `share` their own cases over those of the count; `split` the details of a count, each over its whole; `of_council` a
-- unit's part of the council's count; `total` counts added up, for a rate the one count above its line. A count has its
-- zeros; so has what is made of it.
with counts as (
    {% for cells in ['int_value__stock', 'int_value__flow', 'int_value__distinct'] %}
    select indicator_no, unit_no, category_no, steps, numerators
    from {{ ref(cells) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

made as (
    select
        indicator.*, indicator.made_of not like '% %' as is_single,
        counted.indicator_no as count_no, counted.is_flow as is_count_flow, counted.is_running as is_count_running
    from {{ ref('int_grid__indicator') }} as indicator
    cross join lateral string_to_table(indicator.made_of, ' ') as part (count_id)
    inner join {{ ref('int_grid__indicator') }} as counted on part.count_id = counted.indicator_id
),

-- Without the counts' own details, which have the numbers above 10000.
whole as (
    select
        made.indicator_no as made_no, made.aggregation, made.is_single, made.is_running, made.is_count_flow,
        made.is_count_running, counts.*
    from made
    inner join counts on made.count_no = counts.indicator_no
    where counts.category_no < 10000 and {{ has_figure('counts', 'made') }}
),

pair as (
    select
        whole.made_no, whole.unit_no, whole.category_no, whole.is_running, whole.steps, whole.numerators,
        own.steps as own_steps, own.numerators as own_numerators
    from whole
    left join counts as own
        on
            whole.made_no = own.indicator_no
            and whole.unit_no = own.unit_no
            and whole.category_no = own.category_no
    where whole.aggregation = 'share'
    union all
    select
        whole.made_no, whole.unit_no, detail.category_no, whole.is_running, whole.steps, whole.numerators,
        detail.steps as own_steps, detail.numerators as own_numerators
    from whole
    inner join counts as detail
        on whole.indicator_no = detail.indicator_no and whole.unit_no = detail.unit_no and detail.category_no > 10000
    where whole.aggregation = 'split' and whole.category_no = 0
    union all
    select
        whole.made_no, part.unit_no, 0, whole.is_running, whole.steps, whole.numerators,
        part.steps as own_steps, part.numerators as own_numerators
    from whole
    inner join {{ ref('int_value__unit') }} as council on whole.unit_no = council.unit_no and council.level = 'council'
    inner join counts as part on whole.indicator_no = part.indicator_no and part.category_no = 0
    inner join {{ ref('int_value__unit') }} as unit on part.unit_no = unit.unit_no and unit.has_zeros
    where whole.aggregation = 'of_council' and whole.category_no = 0
),

-- A total of a flow and a stock is that of a period and of its last day: worked out for each period.
in_period as (
    select
        whole.made_no as indicator_no, whole.unit_no, whole.category_no, period.bucket_no as step_no,
        sum({{ held('whole.numerators', 'whole', 'bucket', 'whole.is_count_running') }}) as numerator,
        null::float8 as denominator
    from whole
    inner join {{ ref('int_value__unit') }} as unit using (unit_no)
    inner join {{ ref('int_grid__bucket') }} as period on period.is_flow
    inner join {{ ref('int_grid__bucket') }} as bucket
        on
            whole.is_count_flow = bucket.is_flow
            and period.period_kind = bucket.period_kind
            and period.period_start = bucket.period_start
    where whole.aggregation = 'total' and not whole.is_single
        and {{ is_held('whole', 'bucket', 'whole.is_count_running', 'unit') }}
    group by 1, 2, 3, 4
),

numbered as (
    select in_period.*, {{ series_no('in_period') }} as series_no
    from in_period
)

-- What is above the line at the steps of what is below it.
select
    made_no as indicator_no, unit_no, category_no, steps,
    array(
        select
            coalesce(case when pair.is_running or pair.own_steps[own.place] = step.step_no
                then pair.own_numerators[own.place] end, 0)
        from unnest(pair.steps) as step (step_no)
        cross join lateral (select width_bucket(step.step_no, pair.own_steps) as place) as own
    ) as numerators,
    numerators as denominators
from pair
union all
select made_no, unit_no, category_no, steps, numerators, null
from whole
where aggregation = 'total' and is_single
union all
({{ series('numbered') }})
