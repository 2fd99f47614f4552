select
    "COLLECTION_YEAR" as collection_year,
    "CHILD" as child_key,
    "DOB" as birth_month,
    "SDQ_SCORE" as sdq_score,
    "SDQ_REASON" as sdq_reason,
    "CONVICTED" as convicted,
    "HEALTH_CHECK" as health_check,
    "IMMUNISATIONS" as immunisations,
    "TEETH_CHECK" as teeth_check,
    "HEALTH_ASSESSMENT" as health_assessment,
    "SUBSTANCE_MISUSE" as substance_misuse,
    "INTERVENTION_RECEIVED" as intervention_received,
    "INTERVENTION_OFFERED" as intervention_offered,
    {{ origin('ssda903_oc2') }}
from {{ source('raw', 'ssda903_oc2') }}
where {{ in_force() }}
