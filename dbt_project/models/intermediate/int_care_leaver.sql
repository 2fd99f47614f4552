-- One row a care leaver as the feed last said. It holds no history, so all is read at the as-at date. Those
-- who died or returned home for good are out of every cohort (SSDA903, OC3).
with fostered as (
    -- Their care ended in a foster placement (U1 to U6) on the 18th birthday (SSDA903, OC3 and staying put).
    select distinct child_key
    from {{ ref('int_cla_episode') }} as episode
    inner join {{ ref('int_cla_placement') }} as placement using (placement_id, child_key)
    inner join {{ ref('int_person') }} as person using (child_key)
    where
        episode.end_reason <> 'X1'
        and {{ age_years('person.birth_on', 'episode.ended_on') }} = 18
        and {{ age_years('person.birth_on', 'episode.ended_on - 1') }} = 17
        and placement.placement_type in ('U1', 'U2', 'U3', 'U4', 'U5', 'U6')
)

select
    leaver.care_leaver_id,
    leaver.child_key,
    {{ age_years('person.birth_on', as_at()) }} as age,
    leaver.eligibility,
    leaver.in_touch,
    leaver.accommodation,
    leaver.suitability,
    leaver.activity,
    leaver.personal_adviser,
    {{ known('leaver.pathway_plan_reviewed_on') }} as pathway_plan_reviewed_on,
    (fostered.child_key is not null) as is_fostered_until_18,
    leaver.worker_code,
    leaver.team_code,
    leaver.feed,
    leaver.delivery_id,
    leaver.row_no
from {{ ref('stg_ssd_care_leavers') }} as leaver
left join {{ ref('int_person') }} as person using (child_key)
left join fostered using (child_key)
where coalesce(leaver.in_touch not in ('DIED', 'RHOM'), true)
