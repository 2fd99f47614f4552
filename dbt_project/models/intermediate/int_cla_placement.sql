{{ config(indexes=[{'columns': ['child_key']}]) }}
-- One row a placement, and the stay with one carer that it belongs to (NI 62, NI 63). A stay goes on where the episode
-- that begins with the placement changes legal status alone or keeps the carer (L, T, U), and where the child comes
-- back from a temporary placement (T0 to T4) to the same type, provider and URN, as in the SSDA903. Temporary
-- placements, those of no full day and those of a series of short breaks (V3, V4) belong to none.
with begun as (
    select
        placement_id, child_key, started_on,
        bool_and(coalesce(start_reason in ('L', 'T', 'U'), false)) as is_carer_kept,
        bool_or(start_reason = 'S') as is_care_start
    from {{ ref('stg_ssd_cla_episodes') }}
    group by 1, 2, 3
),

placement as (
    select
        placement_id, period_of_care_id, child_key, started_on, placement_type,
        {{ known('ended_on') }} as ended_on,
        coalesce(placement_type in ('T0', 'T1', 'T2', 'T3', 'T4'), false) as is_temporary,
        concat_ws('/', placement_type, provider, urn) as place
    from {{ ref('stg_ssd_cla_placement') }}
    where started_on <= {{ as_at() }}
),

cared as (
    select
        placement.placement_id, placement.child_key, placement.started_on, placement.placement_type,
        placement.is_temporary, placement.place,
        coalesce(begun.is_carer_kept, false) as is_carer_kept,
        count(*) filter (where begun.is_care_start) over care as care_no,
        coalesce(lag(placement.is_temporary) over care, false) as is_after_temporary
    from placement
    left join begun using (placement_id, child_key, started_on)
    where
        (placement.ended_on is null or placement.ended_on > placement.started_on)
        and not exists (
            select 1 from {{ ref('int_cla_legal_status') }} as status
            where
                status.is_short_break
                and status.child_key = placement.child_key
                and status.started_on <= placement.started_on
                and coalesce(placement.ended_on - 1, {{ as_at() }}) < coalesce(status.ended_on, 'infinity')
        )
    window care as (partition by placement.child_key order by placement.started_on, placement.placement_id)
),

settled as (
    select
        cared.*,
        coalesce(is_after_temporary and place = lag(place) over care, false) as is_return
    from cared
    where not is_temporary
    window care as (partition by child_key, care_no order by started_on, placement_id)
),

numbered as (
    select
        settled.*,
        count(*) filter (where not is_carer_kept and not is_return) over care as stay_no
    from settled
    window care as (partition by child_key, care_no order by started_on, placement_id)
),

stay as (
    select
        child_key, care_no, stay_no,
        min(started_on) as started_on,
        (array_agg(placement_id order by started_on, placement_id))[1] as stay_id,
        (array_agg(placement_type order by started_on, placement_id))[1] as placement_type,
        lag(min(started_on)) over (partition by child_key, care_no order by stay_no) as previous_started_on
    from numbered
    group by 1, 2, 3
)

select
    placement.placement_id,
    placement.period_of_care_id,
    placement.child_key,
    placement.started_on,
    placement.ended_on,
    placement.placement_type,
    stay.stay_id,
    stay.started_on as stay_started_on,
    -- An adoption by the foster carers the child already lived with is no move.
    (stay.stay_id is not null and coalesce(stay.placement_type not in ('A3', 'A5'), true)) as is_counted,
    case
        when stay.placement_type in ('A3', 'A4', 'A5', 'A6') then coalesce(stay.previous_started_on, stay.started_on)
        else stay.started_on
    end as settled_from
from placement
left join numbered using (placement_id, child_key)
left join stay using (child_key, care_no, stay_no)
