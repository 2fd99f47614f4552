-- Periods added up from months (events), read on their last known day (snapshots), or taken as weeks.
with months as (
    select
        period.period_kind,
        period.period_start,
        month.period_start as bucket_on
    from {{ ref('int_period') }} as period
    inner join {{ ref('int_period') }} as month
        on
            month.period_kind = 'month'
            and month.period_start between period.period_start and period.period_end
    where period.period_kind <> 'week'
),

event as (
    select
        level.indicator_id, level.level, level.unit_code, level.breakdown, level.category,
        months.period_kind, months.period_start,
        sum(level.numerator) as numerator, sum(level.denominator) as denominator
    from {{ ref('int_value__level') }} as level
    inner join months using (bucket_on)
    where level.bucket_kind = 'month'
    group by 1, 2, 3, 4, 5, 6, 7
)

select * from event
union all
select
    level.indicator_id, level.level, level.unit_code, level.breakdown, level.category,
    'week', level.bucket_on, level.numerator, level.denominator
from {{ ref('int_value__level') }} as level
where level.bucket_kind = 'week'
union all
select
    level.indicator_id, level.level, level.unit_code, level.breakdown, level.category,
    period.period_kind, period.period_start, level.numerator, level.denominator
from {{ ref('int_value__level') }} as level
inner join {{ ref('int_period') }} as period on level.bucket_on = period.snapshot_on
where
    level.bucket_kind = 'snapshot'
    and (level.breakdown = 'all' or period.period_kind <> 'week')
