select
    make_date(left(time_period, 4)::int, 3, 31) as period_end,
    coalesce(new_la_code, region_code, country_code) as area_code,
    "Section47" as section_47,
    "Section47_status" as section_47_status,
    "Section47_rate" as section_47_rate,
    "Section47_rate_status" as section_47_rate_status,
    "ICPC" as conferences,
    "ICPC_status" as conferences_status,
    "ICPC_rate" as conference_rate,
    "ICPC_rate_status" as conference_rate_status,
    "Duration_0-10_days" + "Duration_11-15_days" as in_15_days,
    coalesce(
        nullif("Duration_0-10_days_status", 'ok'), nullif("Duration_11-15_days_status", 'ok'), 'ok'
    ) as in_15_days_status,
    {{ origin('ees_section47_conferences') }}
from {{ source('raw', 'ees_section47_conferences') }}
where {{ in_force() }} and time_identifier = 'Reporting year'
