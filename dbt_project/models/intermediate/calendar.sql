-- One row a day. `cum_wd` counts working days from the start, so that the working days in (a, b]
-- are cum_wd(b) - cum_wd(a).
with days as (
    select generate_series(date '1990-01-01', date '2045-12-31', interval '1 day')::date as calendar_on
)

select
    days.calendar_on,
    holidays.name as bank_holiday,
    (extract(isodow from days.calendar_on) < 6 and holidays.holiday_on is null) as is_working_day,
    count(*) filter (
        where extract(isodow from days.calendar_on) < 6 and holidays.holiday_on is null
    ) over (order by days.calendar_on)::int as cum_wd
from days
left join {{ ref('bank_holidays') }} as holidays on days.calendar_on = holidays.holiday_on
