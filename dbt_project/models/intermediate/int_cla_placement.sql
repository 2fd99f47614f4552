{{ config(indexes=[{'columns': ['child_key']}]) }}
-- One row a placement. Placements that count as a move last a day or more and are neither temporary (T0 to
-- T4) nor an adoption by the foster carer the child already lived with (A3, A5).
select
    placement_id,
    period_of_care_id,
    child_key,
    started_on,
    {{ known('ended_on') }} as ended_on,
    placement_type,
    (
        ({{ known('ended_on') }} is null or {{ known('ended_on') }} > started_on)
        and coalesce(placement_type not in ('T0', 'T1', 'T2', 'T3', 'T4', 'A3', 'A5'), true)
    ) as is_counted,
    max(started_on) over (
        partition by child_key
        order by started_on
        range between unbounded preceding and interval '1 day' preceding
    ) as previous_started_on
from {{ ref('stg_ssd_cla_placement') }}
where started_on <= {{ as_at() }}
