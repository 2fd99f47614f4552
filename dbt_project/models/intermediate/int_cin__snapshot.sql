-- One row an open episode of need and snapshot day. A referral with no further action opens none; closure as not in
-- need takes an episode out from its closure, not before (CIN census guide 2023-24, 4.1).
with authorised as (
    select
        referral_id,
        min(authorised_on) as first_authorised_on
    from {{ ref('int_assessment') }}
    group by referral_id
)

select
    referral.referral_id,
    referral.child_key,
    day.snapshot_on,
    referral.referred_on,
    referral.primary_need_code,
    (authorised.first_authorised_on is null or authorised.first_authorised_on > day.snapshot_on)
        as is_awaiting_assessment,
    coalesce(person.disability = 'yes', false) as has_disability,
    (allocation.child_key is null) as is_unallocated,
    allocation.worker_code,
    allocation.team_code,
    referral.feed,
    referral.delivery_id,
    referral.row_no
from {{ ref('int_referral') }} as referral
inner join {{ ref('int_snapshot') }} as day
    on {{ open_at('referral.referred_on', 'referral.closed_on', 'day.snapshot_on') }}
left join authorised using (referral_id)
left join {{ ref('int_person') }} as person on referral.child_key = person.child_key
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'referral.child_key', 'day.snapshot_on') }}
where not referral.is_nfa
-- By day: sums of a day then keep to little memory (`int_value__cut`).
order by day.snapshot_on
