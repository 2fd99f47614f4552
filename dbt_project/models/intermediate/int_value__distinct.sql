{{ config(indexes=[{'columns': ['indicator_no', 'category_no', 'unit_no'], 'unique': true}]) }}
-- What cannot be added up: children counted once, children with repeats, medians. Computed anew for each level
-- and period. Only children counted once have breakdowns: a median of a handful says little.
--
-- A child is counted in a period at the first of the child's events in it (for repeats, at the second). An event is
-- that one in the periods that begin after the month (or week) of the event before it and not after its own, so that
-- no period's children have to be gathered. The numerators are 0 or 1 (`assert_counted_once_is_yes_or_no`).
with observation as (
    select
        observation.indicator_no,
        indicator.aggregation,
        observation.observed_on,
        day.month_no,
        case when indicator.has_weeks then day.week_no end as week_no,
        place.council_no,
        place.service_no,
        observation.team_no,
        worker.unit_no as worker_no,
        observation.child_no,
        observation.unknown_child_key,
        observation.numerator,
        observation.denominator,
        observation.age_no,
        observation.sex_no,
        observation.ethnicity_no,
        observation.disability_no,
        observation.uasc_no,
        observation.locality_no,
        observation.need_no,
        detail.category_no as detail_no
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_grid__indicator') }} as indicator using (indicator_no)
    inner join {{ ref('int_grid__place') }} as place using (team_no)
    inner join {{ ref('int_grid__day') }} as day using (observed_on)
    left join {{ ref('int_value__unit') }} as worker
        on worker.level = 'worker' and observation.worker_code = worker.unit_code
    left join {{ ref('int_value__category') }} as detail
        on detail.breakdown = 'detail' and observation.detail = detail.category
    where observation.bucket_no is null and not indicator.is_summed
),

in_unit as (
    select observation.*, unit.unit_no, (unit.has_parts and observation.aggregation = 'distinct') as has_parts
    from observation
    cross join lateral (
        values (council_no, true), (service_no, true), (team_no, true), (worker_no, false)
    ) as unit (unit_no, has_parts)
    where unit.unit_no is not null
),

-- What changes in the course of a child's life is a series of its own; what does not is counted with the whole.
in_cut as (
    select
        in_unit.indicator_no, in_unit.aggregation, in_unit.unit_no, cut.category_no, in_unit.observed_on,
        in_unit.month_no, in_unit.week_no, in_unit.child_no, in_unit.unknown_child_key,
        in_unit.numerator::int as numerator, in_unit.denominator,
        case when cut.is_whole and in_unit.has_parts then in_unit.sex_no end as sex_no,
        case when cut.is_whole and in_unit.has_parts then in_unit.ethnicity_no end as ethnicity_no,
        case when cut.is_whole and in_unit.has_parts then in_unit.disability_no end as disability_no,
        case when cut.is_whole and in_unit.has_parts then in_unit.uasc_no end as uasc_no
    from in_unit
    cross join lateral (
        values
        (0, true), (in_unit.age_no, false), (in_unit.locality_no, false), (in_unit.need_no, false),
        (in_unit.detail_no, false)
    ) as cut (category_no, is_whole)
    where
        in_unit.aggregation in ('distinct', 'repeat')
        and cut.category_no is not null
        and (cut.is_whole or in_unit.has_parts)
),

-- By child first: a sort by few indicators and units would compare most rows to the end.
in_order as (
    select
        *,
        lag(month_no) over every as earlier_month,
        lag(week_no) over every as earlier_week,
        max(month_no) filter (where numerator = 1) over before as counted_month,
        max(week_no) filter (where numerator = 1) over before as counted_week
    from in_cut
    window
        every as (
            partition by child_no, unit_no, indicator_no, category_no, unknown_child_key order by observed_on
        ),
        before as (every rows between unbounded preceding and 1 preceding)
),

repeated as (
    select
        *,
        lag(counted_month) over every as counted_before_month,
        lag(counted_week) over every as counted_before_week
    from in_order
    where numerator = 1 and aggregation = 'repeat'
    window
        every as (
            partition by child_no, unit_no, indicator_no, category_no, unknown_child_key order by observed_on
        )
),

-- Counted in the periods that begin after the first month (or week) and not after the last; 0 is before all.
mark as (
    select
        indicator_no, unit_no, category_no, sex_no, ethnicity_no, disability_no, uasc_no,
        month_no, week_no, false as is_numerator,
        coalesce(earlier_month, 0) as after_month, month_no as until_month,
        coalesce(earlier_week, 0) as after_week, week_no as until_week
    from in_order
    where denominator is not null
    union all
    select
        indicator_no, unit_no, category_no, sex_no, ethnicity_no, disability_no, uasc_no, month_no, week_no, true,
        coalesce(counted_month, 0), month_no as until_month, coalesce(counted_week, 0), week_no as until_week
    from in_order
    where numerator = 1 and aggregation = 'distinct'
    union all
    select
        indicator_no, unit_no, category_no, sex_no, ethnicity_no, disability_no, uasc_no, month_no, week_no, true,
        coalesce(counted_before_month, 0), counted_month as until_month,
        coalesce(counted_before_week, 0), counted_week as until_week
    from repeated
),

-- Each mark in its own category, and in those of the child that do not change.
in_part as (
    select
        indicator_no, unit_no, month_no, is_numerator, after_month, until_month,
        unnest(array[category_no, sex_no, ethnicity_no, disability_no, uasc_no]) as category_no
    from mark
),

of_month as (
    select
        indicator_no, unit_no, category_no, month_no, is_numerator, after_month, until_month, count(*) as children
    from in_part
    where category_no is not null
    group by 1, 2, 3, 4, 5, 6, 7
),

in_period as (
    select mark.indicator_no, period.bucket_no, mark.unit_no, mark.category_no, mark.is_numerator, mark.children
    from of_month as mark
    inner join {{ ref('int_grid__month') }} as period using (month_no)
    where mark.after_month <= period.after_step and mark.until_month > period.after_step
    union all
    select indicator_no, week_no, unit_no, category_no, is_numerator, 1
    from mark
    where category_no = 0 and after_week < week_no and until_week >= week_no
),

ranked as (
    select in_unit.indicator_no, period.bucket_no, in_unit.unit_no, in_unit.numerator
    from in_unit
    inner join {{ ref('int_grid__month') }} as period using (month_no)
    where in_unit.aggregation = 'median'
    union all
    select indicator_no, week_no, unit_no, numerator
    from in_unit
    where aggregation = 'median' and week_no is not null
),

of_children as (
    select distinct indicator_no from of_month where category_no between 1 and 9999
),

step as (
    select
        indicator_no, bucket_no as step_no, unit_no, category_no,
        coalesce(sum(children) filter (where is_numerator), 0)::float8 as numerator,
        sum(children) filter (where not is_numerator)::float8 as denominator,
        null::float8 as median
    from in_period
    group by 1, 2, 3, 4
    union all
    select
        indicator_no, bucket_no, unit_no, 0,
        sum(numerator), count(*), percentile_cont(0.5) within group (order by numerator)
    from ranked
    group by 1, 2, 3
    union all
    select indicator_no, step_no, unit_no, category_no, numerator, denominator, null
    from ({{ zeros('not indicator.is_summed', 'select indicator_no from of_children') }}) as zero
),

figure as (
    select step.*, {{ series_no('step') }} as series_no
    from step
    inner join {{ ref('int_grid__indicator') }} as indicator using (indicator_no)
    where {{ has_figure('step', 'indicator') }}
)

{{ series('figure', has_median=true) }}
