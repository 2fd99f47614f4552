-- Looked-after children at the as-at date who live more than 20 miles from home and outside the council. Annex A list 8
-- says on which side of the boundary a child lives now, the placement how far away it is; a distance that is not
-- recorded (children who came alone have none: SSDA903 rule 406) is not far.
with listed as (
    select child_key, bool_or(placement_location = 'b) Out') as is_outside
    from {{ ref('stg_annex_a_list_8') }}
    where placement_location is not null and {{ known('ceased_on') }} is null
    group by child_key
)

select
    'PLC-04' as indicator_id,
    cla.period_of_care_id as case_id,
    cla.child_key,
    cla.worker_code,
    cla.team_code,
    cla.snapshot_on as observed_on,
    (listed.is_outside and coalesce(placement.miles_from_home > 20, false))::int as numerator,
    1 as denominator,
    null as detail,
    cla.feed,
    cla.delivery_id,
    cla.row_no
from {{ ref('int_cla__snapshot') }} as cla
inner join listed using (child_key)
left join {{ ref('stg_ssd_cla_placement') }} as placement
    on cla.placement_id = placement.placement_id and cla.child_key = placement.child_key
where cla.snapshot_on = {{ as_at() }}
