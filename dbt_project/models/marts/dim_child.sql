select
    '{{ var("council") }}'::text as council,
    child_key::text as child_key,
    birth_month::date as birth_month,
    sex::text as sex,
    ethnicity_code::text as ethnicity_code,
    ethnicity::text as ethnicity,
    disability::text as disability,
    is_uasc::boolean as is_uasc,
    delivery_id::bigint as delivery_id,
    row_no::int as row_no
from {{ ref('int_person') }}
