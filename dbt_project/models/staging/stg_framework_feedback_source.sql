select
    feedback_source,
    label
from {{ source('framework', 'framework_feedback_source') }}
where {{ of_council() }}
