-- One row a collection year and placement, temporary ones and series of short breaks (V3, V4) left out. Counted are
-- placements of a day or more, save an adoption by the carers with whom the child already lived (A3, A5; NI 62).
with placement as (
    select
        collection_year, first_on, last_on, child_key, care_no, placement_no,
        min(started_on) as started_on,
        case when bool_and(ended_on is not null) then max(ended_on) end as ended_on,
        (array_agg(placement order by started_on))[1] as placement
    from {{ ref('int_return_903__episode') }}
    where placement_no is not null and not is_short_break
    group by 1, 2, 3, 4, 5, 6
)

select
    placement.*,
    (
        (ended_on is null or ended_on > started_on) and placement not in ('A3', 'A5')
    ) as is_counted,
    lag(started_on) over (
        partition by collection_year, child_key, care_no order by placement_no
    ) as previous_started_on,
    lag(placement_no) over (partition by collection_year, child_key, care_no order by placement_no) > 0
        as is_previous_start_known
from placement
