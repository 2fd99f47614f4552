select
    advocacy_id,
    child_id as child_key,
    kind,
    reason,
    provider,
    referred_on,
    is_accepted as is_accepted_flag,
    started_on,
    ended_on,
    outcome,
    {{ origin('advocacy') }}
from {{ source('raw', 'advocacy') }}
where {{ in_force() }}
