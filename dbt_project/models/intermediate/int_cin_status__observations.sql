-- Open episodes of need by the highest status of the child on the day: looked after, on a protection plan, on a plan of
-- need, in assessment, or none of these (order of Annex A, list 6).
with of_child as (
    select snapshot_on, child_key, 1 as place from {{ ref('int_cla__cohort') }}
    union all
    select snapshot_on, child_key, 2 from {{ ref('int_cp_plan__snapshot') }}
    union all
    select snapshot_on, child_key, 3 from {{ ref('int_cin_plan__snapshot') }}
    union all
    select day.snapshot_on, assessment.child_key, 4
    from {{ ref('int_assessment') }} as assessment
    inner join {{ ref('int_snapshot') }} as day
        on {{ open_at('assessment.started_on', 'assessment.authorised_on', 'day.snapshot_on') }}
),

highest as (
    select snapshot_on, child_key, min(place) as place
    from of_child
    group by 1, 2
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
    case highest.place
        when 1 then 'looked after'
        when 2 then 'protection plan'
        when 3 then 'plan of need'
        when 4 then 'in assessment'
        else 'none of these'
    end as detail,
    episode.feed,
    episode.delivery_id,
    episode.row_no
from {{ ref('int_cin__snapshot') }} as episode
left join highest using (snapshot_on, child_key)
