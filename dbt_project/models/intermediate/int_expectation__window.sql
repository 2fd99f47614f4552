-- Every window of every expectation that has begun and ends in the horizon. Windows of twelve months or fewer are
-- counted from `from_month`, longer ones from the start of the council's programme. What is owed is read on the
-- window's last day, or at the as-at date while it runs. Nothing is owed for windows that ended before the council
-- recorded audits, nor where it never did.
with bounds as (
    select
        (select min(period_start) from {{ ref('int_period') }} where period_kind = 'month') as horizon_on,
        (select min(least(allocated_on, completed_on)) from {{ ref('int_audit') }}) as recorded_on
),

anchored as (
    select
        expectation.*,
        case
            when expectation.every_months <= 12 then make_date(2000, expectation.from_month, 1)
            else (select value::date from {{ ref('stg_framework_setting') }} where setting = 'programme_starts_on')
        end as anchor_on
    from {{ ref('stg_framework_expectation') }} as expectation
    -- No feed records days spent in practice.
    where expectation.activity <> 'practice_day'
),

windows as (
    select
        anchored.*,
        begins.at::date as period_start,
        {{ add_months('begins.at', 'anchored.every_months') }} - 1 as period_end
    from anchored
    cross join lateral generate_series(
        anchored.anchor_on, {{ as_at() }}, make_interval(months => anchored.every_months)
    ) as begins (at)
)

select
    windows.*,
    least(windows.period_end, {{ as_at() }}) as counted_on,
    (windows.period_end <= {{ as_at() }}) as is_complete
from windows
cross join bounds
where windows.period_end >= bounds.horizon_on and windows.period_end >= bounds.recorded_on
