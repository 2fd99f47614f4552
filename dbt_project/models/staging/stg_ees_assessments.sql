select
    make_date(left(time_period, 4)::int, 3, 31) as period_end,
    coalesce(new_la_code, region_code, country_code) as area_code,
    "Assessments_completed" as completed,
    "Assessments_completed_status" as completed_status,
    "Same_day" + "1-10_days" + "11-20_days" + "21-30_days" + "31-40_days" + "41-45_days" as in_45_days,
    -- A sum is as sure as its least sure part: any symbol makes the sum a symbol.
    coalesce(
        nullif("Same_day_status", 'ok'), nullif("1-10_days_status", 'ok'), nullif("11-20_days_status", 'ok'),
        nullif("21-30_days_status", 'ok'), nullif("31-40_days_status", 'ok'), nullif("41-45_days_status", 'ok'), 'ok'
    ) as in_45_days_status,
    "Median_days" as median_days,
    "Median_days_status" as median_days_status,
    {{ origin('ees_assessments') }}
from {{ source('raw', 'ees_assessments') }}
where {{ in_force() }} and time_identifier = 'Reporting year'
