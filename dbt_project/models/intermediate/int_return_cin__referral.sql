-- One row a collection year and referral of its CIN census, as known on its 31 March. Earlier referrals are those of
-- this census and of the earlier ones: an episode that was closed before the year is in none but theirs.
with known as (
    select distinct on (year.collection_year, referral.child_key, referral.referred_on, referral.referral_no)
        year.collection_year, year.first_on, year.last_on, year.returns_from,
        year.collection_year = referral.census_year as is_listed,
        referral.child_key, referral.referred_on, referral.referral_no,
        referral.referral_source, referral.primary_need_code,
        coalesce(referral.referral_nfa in ('1', 'true'), false) as is_nfa,
        case when referral.closed_on <= year.last_on then referral.closed_on end as closed_on,
        case when referral.closed_on <= year.last_on then referral.reason_for_closure end as close_reason,
        case when referral.initial_conference_on <= year.last_on then referral.initial_conference_on end
            as transfer_conference_on
    from {{ ref('int_return__year') }} as year
    inner join {{ ref('stg_cin_details') }} as referral on year.collection_year >= referral.census_year
    where year.return = 'cin' and referral.referred_on <= year.last_on
    order by
        year.collection_year, referral.child_key, referral.referred_on, referral.referral_no,
        referral.census_year desc
),

chained as (
    select
        known.*,
        max(referred_on) over (
            partition by collection_year, child_key
            order by referred_on groups between 1 preceding and 1 preceding
        ) as previous_referred_on
    from known
)

select
    chained.*,
    coalesce(close_reason in ('RC8', 'RC9'), false) as is_not_in_need,
    case
        when {{ is_within_12_months('previous_referred_on', 'referred_on') }} then true
        when {{ add_months('referred_on', -12) }} >= returns_from then false
    end as is_rereferral
from chained
where is_listed
