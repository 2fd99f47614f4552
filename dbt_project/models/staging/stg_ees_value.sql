select
    dataset,
    -- A period of six digits (202425) is named by the year in which it begins, and the one in which it ends.
    left(time_period, 4)::int + case when length(time_period) = 6 then 1 else 0 end as ends_in,
    time_identifier,
    geographic_level,
    area_code,
    filters,
    lower(indicator) as indicator,
    value,
    coalesce(value_status, 'x') as status,
    {{ origin('ees_value') }}
from {{ source('raw', 'ees_value') }}
where {{ in_force() }} and time_period ~ '^[0-9]{4}([0-9]{2})?$'
