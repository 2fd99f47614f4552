select
    "FACT_FORM_ID" as form_id,
    "DIM_PERSON_ID" as child_key,
    "ANSWER_NO" as answer_no,
    "LatestResponseDate" as answered_on,
    {{ origin('ssd_pre_cla_care_plan') }}
from {{ source('raw', 'ssd_pre_cla_care_plan') }}
where {{ in_force() }}
