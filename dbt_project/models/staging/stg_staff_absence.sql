select
    absence_id,
    worker_id as worker_code,
    reason,
    started_on,
    ended_on,
    days_lost,
    {{ origin('staff_absence') }}
from {{ source('raw', 'staff_absence') }}
where {{ in_force() }}
