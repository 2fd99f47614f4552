select
    cinf_table_id as assessment_factors_id,
    cinf_assessment_id as assessment_id,
    cinf_assessment_factors_json as factors_json,
    {{ origin('ssd_assessment_factors') }}
from {{ source('raw', 'ssd_assessment_factors') }}
where {{ in_force() }}
