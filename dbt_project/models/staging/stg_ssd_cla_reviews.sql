select
    clar_cla_review_id as review_id,
    clar_cla_id as period_of_care_id,
    {{ child_of('clar_cla_person_id', 'stg_ssd_cla_episodes', 'period_of_care_id', 'clar_cla_id') }} as child_key,
    clar_cla_review_due_date as recorded_due_on,
    clar_cla_review_date as reviewed_on,
    clar_cla_review_cancelled as is_cancelled_flag,
    clar_cla_review_participation as participation,
    {{ origin('ssd_cla_reviews') }}
from {{ source('raw', 'ssd_cla_reviews') }}
where {{ in_force() }}
