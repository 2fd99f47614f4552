-- Clock T01: the decision on a referral. Owed from the first referral on for which the council delivers decisions:
-- before that, an absent decision says nothing.
with first_decided as (
    select min(referred_on) as first_on
    from {{ ref('int_referral') }}
    where decided_on is not null
)

select
    'T01' as clock_id,
    referral.referral_id as case_id,
    referral.child_key,
    {{ holder('allocation', 'referral') }},
    referral.referred_on as start_on,
    referral.decision_due_on as due_on,
    referral.decided_on as done_on,
    referral.closed_on as ended_on,
    'The referral was closed before a decision was due.' as reason,
    referral.feed,
    referral.delivery_id,
    referral.row_no
from {{ ref('int_referral') }} as referral
inner join first_decided on referral.referred_on >= first_decided.first_on
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'referral.child_key', duty_day('referral.decided_on', 'referral.closed_on')) }}
