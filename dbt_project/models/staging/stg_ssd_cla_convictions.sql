select
    clac_cla_conviction_id as conviction_id,
    clac_person_id as child_key,
    clac_cla_conviction_date as convicted_on,
    {{ origin('ssd_cla_convictions') }}
from {{ source('raw', 'ssd_cla_convictions') }}
where {{ in_force() }}
