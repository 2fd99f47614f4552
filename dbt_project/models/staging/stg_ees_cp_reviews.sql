select
    make_date(left(time_period, 4)::int, 3, 31) as period_end,
    coalesce(new_la_code, region_code, country_code) as area_code,
    "CPP_At31_3Months" as plans,
    "CPP_At31_3Months_status" as plans_status,
    "Reviewed_within_timescales" as in_time,
    "Reviewed_within_timescales_status" as in_time_status,
    "Reviewed_within_timescales_percent" as in_time_percent,
    "Reviewed_within_timescales_percent_status" as in_time_percent_status,
    {{ origin('ees_cp_reviews') }}
from {{ source('raw', 'ees_cp_reviews') }}
where {{ in_force() }} and time_identifier = 'Reporting year'
