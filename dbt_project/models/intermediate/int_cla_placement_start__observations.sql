-- New placements that count as a move or a first placement, by distance from home: the first of each stay with a carer.
-- Short breaks (V3, V4) are left out.
select
    'PLC-05' as indicator_id,
    placement.placement_id as case_id,
    placement.child_key,
    allocation.worker_code,
    allocation.team_code,
    placement.started_on as observed_on,
    1 as numerator,
    null::int as denominator,
    case
        when record.miles_from_home > 20 then 'over 20 miles'
        when record.miles_from_home <= 20 then '20 miles or less'
        else 'not recorded'
    end as detail,
    record.feed,
    record.delivery_id,
    record.row_no
from {{ ref('int_cla_placement') }} as placement
inner join {{ ref('stg_ssd_cla_placement') }} as record using (placement_id)
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'placement.child_key', 'placement.started_on') }}
where
    placement.is_counted
    and placement.placement_id = placement.stay_id
    and not exists (
        select 1 from {{ ref('int_cla_legal_status') }} as status
        where
            status.is_short_break
            and status.child_key = placement.child_key
            and {{ open_at('status.started_on', 'status.ended_on', 'placement.started_on') }}
    )
