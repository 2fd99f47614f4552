-- One row an early help episode.
select
    early_help_id,
    child_key,
    started_on,
    {{ known('ended_on') }} as ended_on,
    coalesce(end_reason = 'Step up to social care', false) as is_stepped_up,
    organisation,
    feed,
    delivery_id,
    row_no
from {{ ref('stg_ssd_early_help_episodes') }}
where started_on <= {{ as_at() }}
