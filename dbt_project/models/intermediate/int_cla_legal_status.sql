{{ config(indexes=[{'columns': ['child_key']}]) }}
-- One row a legal status. A child on V3 or V4 (an agreed series of short breaks) is in no figure of
-- looked-after children (SSDA903).
select
    legal_status_id,
    child_key,
    legal_status,
    started_on,
    {{ known('ended_on') }} as ended_on,
    coalesce(legal_status in ('V3', 'V4'), false) as is_short_break
from {{ ref('stg_ssd_legal_status') }}
where started_on <= {{ as_at() }}
