-- Every indicator under a small number, so that the sums below group by numbers. A flow is counted over the days of a
-- period, a stock on its last known day; what is counted once a child, or ranked for a median, is a flow. Running is
-- what longer periods add up from their months: its series hold totals from their beginning.
with indicator as (
    select
        *,
        aggregation not in ('distinct', 'repeat', 'median') as is_summed
    from {{ ref('indicators') }}
),

-- Known where every feed that its rule needs was delivered.
delivered as (
    select indicator_id, bool_and(is_delivered) as is_delivered
    from {{ ref('int_indicator__need') }}
    group by indicator_id
),

-- Weeks are kept of what is read weekly, and of the counts that it is made of.
weekly as (
    select indicator_id, true as is_own from indicator where cadence like '%W%'
    union all
    select string_to_table(made_of, ' '), false from indicator where cadence like '%W%'
),

read_weekly as (
    select indicator_id, bool_or(is_own) as is_own
    from weekly
    group by indicator_id
),

-- What is made of counts is running where they all are.
running as (
    select
        indicator.indicator_id,
        bool_and(part.timing = 'event' and part.is_summed) as is_running
    from indicator
    inner join indicator as part
        on part.indicator_id = any(string_to_array(coalesce(indicator.made_of, indicator.indicator_id), ' '))
    group by indicator.indicator_id
)

select
    indicator.indicator_id,
    row_number() over (order by indicator.indicator_id)::smallint as indicator_no,
    indicator.kind,
    indicator.timing,
    indicator.aggregation,
    indicator.history,
    (indicator.status = 'computed') as is_computed,
    indicator.made_of,
    (indicator.made_of is not null) as is_made,
    indicator.is_summed,
    (indicator.timing = 'event' or not indicator.is_summed) as is_flow,
    running.is_running,
    (read_weekly.indicator_id is not null) as has_weeks,
    coalesce(read_weekly.is_own, false) as is_read_weekly,
    coalesce(delivered.is_delivered, false) as is_delivered
from indicator
inner join running using (indicator_id)
left join delivered using (indicator_id)
left join read_weekly using (indicator_id)
