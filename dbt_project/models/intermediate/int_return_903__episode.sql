-- One row a collection year and episode of care that its SSDA903 and the earlier ones tell of, as known on 31 March.
-- A period of care begins with RNE = S; a placement with a change of carer (S, P, B), and not with the return from a
-- temporary placement (T0 to T4) to where the child was. What began before the first return has number nought.
with known as (
    select distinct on (year.collection_year, episode.child_key, episode.started_on)
        year.collection_year, year.first_on, year.last_on, year.returns_from,
        episode.child_key, episode.started_on, episode.start_reason, episode.legal_status, episode.need,
        episode.placement, episode.placement_provider, episode.placement_urn,
        case when episode.ceased_on <= year.last_on then episode.ceased_on end as ended_on,
        case when episode.ceased_on <= year.last_on then episode.end_reason end as end_reason,
        case when episode.ceased_on <= year.last_on then episode.placement_change_reason end as placement_change_reason,
        (episode.legal_status in ('V3', 'V4')) as is_short_break,
        (episode.placement in ('T0', 'T1', 'T2', 'T3', 'T4')) as is_temporary
    from {{ ref('int_return__year') }} as year
    inner join {{ ref('stg_ssda903_episodes') }} as episode on year.collection_year >= episode.collection_year
    where
        year.return = '903'
        and episode.started_on <= year.last_on
        and (year.collection_year = episode.collection_year or episode.ceased_on < year.first_on)
    order by year.collection_year, episode.child_key, episode.started_on, episode.collection_year desc
),

cared as (
    select
        known.*,
        count(*) filter (where start_reason = 'S') over care as care_no,
        coalesce(lag(is_temporary) over care, false) as is_after_temporary
    from known
    window care as (partition by collection_year, child_key order by started_on)
),

settled as (
    select
        cared.*,
        concat_ws('/', placement, placement_provider, placement_urn) = lag(
            concat_ws('/', placement, placement_provider, placement_urn)
        ) over (partition by collection_year, child_key, care_no order by started_on) as is_as_before
    from cared
    where not is_temporary
),

placed as (
    select
        collection_year, child_key, started_on,
        count(*) filter (
            where start_reason in ('S', 'P', 'B') and not coalesce(is_after_temporary and is_as_before, false)
        ) over (
            partition by collection_year, child_key, care_no order by started_on
        ) as placement_no
    from settled
)

select
    cared.*,
    placed.placement_no,
    (cared.care_no > 0) as is_care_start_known,
    min(cared.started_on) over (partition by cared.collection_year, cared.child_key, cared.care_no) as care_started_on,
    (placed.placement_no > 0) as is_placement_start_known,
    case
        when placed.placement_no is not null
            then min(cared.started_on) over (
                partition by cared.collection_year, cared.child_key, cared.care_no, placed.placement_no
            )
    end as placement_started_on
from cared
left join placed using (collection_year, child_key, started_on)
