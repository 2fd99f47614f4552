-- One row a referral, with the columns that its indicators' rules need.
with referral as (
    select
        referral_id,
        child_key,
        referred_on,
        primary_need_code,
        source_code,
        coalesce(is_nfa_flag, 'N') = 'Y' as is_nfa,
        {{ known('closed_on') }} as closed_on,
        case when closed_on <= {{ as_at() }} then close_reason end as close_reason,
        team_code,
        worker_code,
        feed,
        delivery_id,
        row_no
    from {{ ref('stg_ssd_cin_episodes') }}
    where referred_on <= {{ as_at() }}
),

dated as (
    select
        child_key,
        referred_on,
        lag(referred_on) over (partition by child_key order by referred_on) as previous_referred_on
    from (select distinct child_key, referred_on from referral) as days
)

select
    referral.*,
    dated.previous_referred_on,
    coalesce(dated.previous_referred_on >= {{ add_months('referral.referred_on', -12) }}, false) as is_rereferral,
    coalesce(referral.close_reason in ('RC8', 'RC9'), false) as is_not_in_need
from referral
inner join dated using (child_key, referred_on)
