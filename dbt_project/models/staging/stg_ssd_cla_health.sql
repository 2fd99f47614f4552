select
    clah_health_check_id as health_check_id,
    clah_person_id as child_key,
    clah_health_check_type as check_type,
    clah_health_check_date as checked_on,
    clah_health_check_status as check_status,
    {{ origin('ssd_cla_health') }}
from {{ source('raw', 'ssd_cla_health') }}
where {{ in_force() }}
