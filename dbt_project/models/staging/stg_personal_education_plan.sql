select
    pep_id,
    child_id as child_key,
    kind,
    due_on,
    completed_on,
    quality,
    child_took_part as child_took_part_flag,
    school_urn,
    {{ origin('personal_education_plan') }}
from {{ source('raw', 'personal_education_plan') }}
where {{ in_force() }}
