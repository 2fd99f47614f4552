-- Changes of placement: a placement that ended and that another of the same period of care followed, short breaks
-- (V3, V4) left out.
select
    'PLC-12' as indicator_id,
    placement.placement_id as case_id,
    placement.child_key,
    allocation.worker_code,
    allocation.team_code,
    placement.ended_on as observed_on,
    1 as numerator,
    null::int as denominator,
    coalesce(record.change_reason, 'not recorded') as detail,
    record.feed,
    record.delivery_id,
    record.row_no
from {{ ref('int_cla_placement') }} as placement
inner join {{ ref('stg_ssd_cla_placement') }} as record using (placement_id)
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'placement.child_key', 'placement.ended_on') }}
where
    placement.ended_on is not null
    and exists (
        select 1 from {{ ref('int_cla_placement') }} as next_placement
        where
            next_placement.period_of_care_id = placement.period_of_care_id
            and next_placement.started_on > placement.started_on
    )
    and not exists (
        select 1 from {{ ref('int_cla_legal_status') }} as status
        where
            status.is_short_break
            and status.child_key = placement.child_key
            and {{ open_at('status.started_on', 'status.ended_on', 'placement.ended_on - 1') }}
    )
