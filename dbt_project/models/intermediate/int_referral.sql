{{ config(indexes=[{'columns': ['child_key', 'referred_on']}]) }}
-- One row a referral, which is also the episode of need that it opens, with the columns that its rules need.
with referral as (
    select
        referral_id,
        child_key,
        referred_on,
        primary_need_code,
        source_code,
        case
            when source_code = '6' then 'police'
            when source_code in ('2A', '2B') then 'school'
            when source_code in ('3A', '3B', '3C', '3D', '3E', '3F') then 'health'
            else 'other'
        end as source_group,
        coalesce(is_nfa_flag, 'N') = 'Y' as is_nfa,
        {{ known('closed_on') }} as closed_on,
        case when closed_on <= {{ as_at() }} then close_reason end as close_reason,
        {{ earlier_date('child_key', 'referred_on') }} as previous_referred_on,
        (referred_on + 30 <= {{ as_at() }}) as is_30_days_old,
        team_code,
        worker_code,
        feed,
        delivery_id,
        row_no
    from {{ ref('stg_ssd_cin_episodes') }}
    where referred_on <= {{ as_at() }}
),

assessed as (
    select distinct referral.referral_id
    from referral
    inner join {{ ref('stg_ssd_cin_assessments') }} as assessment using (referral_id)
    where assessment.started_on between referral.referred_on and referral.referred_on + 30
)

select
    referral.*,
    {{ is_within_12_months('referral.previous_referred_on', 'referral.referred_on') }} as is_rereferral,
    coalesce(referral.close_reason in ('RC8', 'RC9'), false) as is_not_in_need,
    {{ known('decision.decided_on') }} as decided_on,
    -- Decision within 1 working day (Working Together; CIN census guide 2023-24, 4.9).
    decision_limit.last_on as decision_due_on,
    case when referral.is_30_days_old then assessed.referral_id is not null end as is_assessed_in_30_days
from referral
left join {{ ref('stg_referral_decision') }} as decision using (referral_id)
left join assessed using (referral_id)
{{ join_working_day_limit('decision_limit', 'referral.referred_on', 1) }}
