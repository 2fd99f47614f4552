-- One row a care leaver as the feed last said. It holds no history, so all is read at the as-at date. Those
-- who died or returned home for good are out of every cohort (SSDA903, OC3).
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
    leaver.worker_code,
    leaver.team_code,
    leaver.feed,
    leaver.delivery_id,
    leaver.row_no
from {{ ref('stg_ssd_care_leavers') }} as leaver
left join {{ ref('int_person') }} as person using (child_key)
where coalesce(leaver.in_touch not in ('DIED', 'RHOM'), true)
