-- One row an absence through sickness that had begun by the as-at date, with its last day so far and its working days.
-- `days_lost` is what the feed says was lost by the as-at date.
select
    absence.absence_id,
    absence.worker_code,
    absence.started_on,
    absence.last_on,
    absence.days_lost,
    to_day.cum_wd - from_day.cum_wd as working_days
from (
    select
        *,
        least(coalesce(ended_on, {{ as_at() }}), {{ as_at() }}) as last_on
    from {{ ref('stg_staff_absence') }}
    where reason = 'sickness' and days_lost is not null and started_on <= {{ as_at() }}
) as absence
inner join {{ ref('calendar') }} as from_day on absence.started_on - 1 = from_day.calendar_on
inner join {{ ref('calendar') }} as to_day on absence.last_on = to_day.calendar_on
