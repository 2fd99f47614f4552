-- Open episodes of need by the highest status of the child on the day: looked after, on a protection plan, on a plan of
-- need, in assessment, or none of these (order of Annex A, list 6).
with plan_of_need as (
    select distinct snapshot_on, child_key from {{ ref('int_cin_plan__snapshot') }}
),

protection_plan as (
    select distinct snapshot_on, child_key from {{ ref('int_cp_plan__snapshot') }}
),

in_assessment as (
    select distinct day.snapshot_on, assessment.child_key
    from {{ ref('int_assessment') }} as assessment
    inner join {{ ref('int_snapshot') }} as day
        on {{ open_at('assessment.started_on', 'assessment.authorised_on', 'day.snapshot_on') }}
)

select
    'CIN-12' as indicator_id,
    episode.referral_id as case_id,
    episode.child_key,
    episode.worker_code,
    episode.team_code,
    episode.snapshot_on as observed_on,
    1 as numerator,
    null::int as denominator,
    case
        when cohort.child_key is not null then 'looked after'
        when protection_plan.child_key is not null then 'protection plan'
        when plan_of_need.child_key is not null then 'plan of need'
        when in_assessment.child_key is not null then 'in assessment'
        else 'none of these'
    end as detail,
    episode.feed,
    episode.delivery_id,
    episode.row_no
from {{ ref('int_cin__snapshot') }} as episode
left join {{ ref('int_cla__cohort') }} as cohort using (snapshot_on, child_key)
left join protection_plan using (snapshot_on, child_key)
left join plan_of_need using (snapshot_on, child_key)
left join in_assessment using (snapshot_on, child_key)
