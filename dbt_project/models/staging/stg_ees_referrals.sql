select
    make_date(left(time_period, 4)::int, 3, 31) as period_end,
    coalesce(new_la_code, region_code, country_code) as area_code,
    "Referrals" as referrals,
    "Referrals_status" as referrals_status,
    "Referrals_rate" as referrals_rate,
    "Referrals_rate_status" as referrals_rate_status,
    "Re_referrals" as rereferrals,
    "Re_referrals_status" as rereferrals_status,
    "Re_referrals_percent" as rereferrals_percent,
    "Re_referrals_percent_status" as rereferrals_percent_status,
    "No_Further_Action" as nfa,
    "No_Further_Action_status" as nfa_status,
    "No_Further_Action_percent" as nfa_percent,
    "No_Further_Action_percent_status" as nfa_percent_status,
    "Not_in_Need" as not_in_need,
    "Not_in_Need_status" as not_in_need_status,
    "Not_in_Need_percent" as not_in_need_percent,
    "Not_in_Need_percent_status" as not_in_need_percent_status,
    {{ origin('ees_referrals') }}
from {{ source('raw', 'ees_referrals') }}
where {{ in_force() }} and time_identifier = 'Reporting year'
