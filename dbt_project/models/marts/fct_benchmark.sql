select
    indicator_id::text as indicator_id,
    area_code::text as area_code,
    area_name::text as area_name,
    area_type::text as area_type,
    case
        when extract(month from period_end) = 3
            then to_char(period_end - interval '1 year', 'YYYY') || '-' || to_char(period_end, 'YY')
        else to_char(period_end, 'FMDD Mon YYYY')
    end::text as period_label,
    period_end::date as period_end,
    value::numeric as value,
    status::text as status,
    numerator::numeric as numerator,
    denominator::numeric as denominator,
    source::text as source,
    delivery_id::bigint as delivery_id
from {{ ref('int_benchmark') }}
