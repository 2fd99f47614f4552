select
    referral_id,
    decided_on,
    decision,
    {{ origin('referral_decision') }}
from {{ source('raw', 'referral_decision') }}
where {{ in_force() }}
