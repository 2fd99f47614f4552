-- Every event opens each step of its stage once; the steps that an indicator counts too come to the same.
with opened as (
    select step_id, count(*) as n from {{ ref('fct_journey') }} group by step_id
),

expected as (
    select 'contact_referral' as step_id, count(*) as n from {{ ref('int_contact') }}
    union all
    select 'referral_assessment', count(*) from {{ ref('int_referral') }}
    union all
    select 'assessment_section_47', count(*) from {{ ref('int_assessment') }}
    union all
    select 'section_47_conference', count(*) from {{ ref('int_s47') }}
    union all
    select 'conference_protection_plan', count(*) from {{ ref('int_conference') }} where held_on is not null
    union all
    select 'protection_plan_ended', count(*) from {{ ref('int_cp_plan') }}
    union all
    select 'early_help_step_up', count(*) from {{ ref('int_early_help') }} where ended_on is not null
    union all
    select 'looked_after_ceased', count(*) from {{ ref('int_cla_episode__observations') }} where indicator_id = 'CLA-03'
    union all
    select 'care_reentry', count(*) from {{ ref('int_cla_episode__observations') }} where indicator_id = 'CLA-05'
),

taken as (
    select 'REF-08' as indicator_id, sum((outcome = 'converted')::int) as n, count(*) as started
    from {{ ref('fct_journey') }}
    where step_id = 'referral_assessment' and is_matured
    union all
    select 'S47-03', sum((journey.to_on is not null)::int), count(*)
    from {{ ref('fct_journey') }} as journey
    inner join {{ ref('int_s47') }} as enquiry on journey.from_id = enquiry.enquiry_id
    where journey.step_id = 'section_47_conference' and enquiry.conference_due_on < {{ as_at() }}
),

counted as (
    select indicator_id, sum(numerator) as n, sum(denominator) as started
    from {{ ref('int_referral__observations') }} where indicator_id = 'REF-08' group by indicator_id
    union all
    select indicator_id, sum(numerator), sum(denominator)
    from {{ ref('int_s47__observations') }} where indicator_id = 'S47-03' group by indicator_id
)

select step_id from expected
left join opened using (step_id)
where expected.n <> coalesce(opened.n, 0)
union all
select taken.indicator_id from taken
full join counted using (indicator_id)
where coalesce(taken.n, 0) <> coalesce(counted.n, 0) or coalesce(taken.started, 0) <> coalesce(counted.started, 0)
