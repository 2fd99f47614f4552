select
    child_unique_id as child_key,
    gender,
    ethnicity,
    date_of_birth as birth_month,
    assessment_start_date as started_on,
    assessment_completion_date as completed_on,
    organisation_completing_assessment,
    {{ origin('annex_a_list_2') }}
from {{ source('raw', 'annex_a_list_2') }}
where {{ in_force() }}
