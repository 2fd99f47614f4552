select
    s251_table_id as finance_id,
    s251_cla_placement_id as placement_id,
    {{ origin('ssd_s251_finance') }}
from {{ source('raw', 'ssd_s251_finance') }}
where {{ in_force() }}
