select
    child_unique_id as child_key,
    gender,
    ethnicity,
    date_of_birth as birth_month,
    date_of_referral as referred_on,
    referral_source,
    referral_nfa,
    number_of_referrals_in_last_12_months,
    allocated_team,
    {{ origin('annex_a_list_3') }}
from {{ source('raw', 'annex_a_list_3') }}
where {{ in_force() }}
