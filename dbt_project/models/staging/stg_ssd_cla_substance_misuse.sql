select
    clas_substance_misuse_id as substance_misuse_id,
    clas_person_id as child_key,
    clas_substance_misuse_date as misused_on,
    clas_intervention_received as intervention_received_flag,
    {{ origin('ssd_cla_substance_misuse') }}
from {{ source('raw', 'ssd_cla_substance_misuse') }}
where {{ in_force() }}
