select
    period_kind::text as period_kind,
    period_start::date as period_start,
    period_end::date as period_end,
    snapshot_on::date as snapshot_on,
    is_complete::boolean as is_complete,
    financial_year::int as financial_year,
    label::text as label
from {{ ref('int_period') }}
