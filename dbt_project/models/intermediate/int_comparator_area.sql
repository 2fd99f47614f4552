-- The areas that the council is compared with: from its own file and the published neighbours.
with own as (
    select council, gss_code from {{ source('framework', 'framework_council') }}
    where council = '{{ var("council") }}'
),

wanted as (
    select comparator, label, kind, areas_wanted, source
    from {{ source('framework', 'framework_comparator') }}
    where council = '{{ var("council") }}'
)

select wanted.comparator, wanted.label, wanted.kind, neighbour.neighbour_code as area_code
from wanted
cross join own
inner join {{ ref('int_statistical_neighbour') }} as neighbour on own.gss_code = neighbour.area_code
where wanted.kind = 'statistical_neighbours'
union all
select wanted.comparator, wanted.label, wanted.kind, area.region_code
from wanted
cross join own
inner join {{ ref('local_authorities') }} as area on own.gss_code = area.area_code
where wanted.kind = 'region'
union all
select wanted.comparator, wanted.label, wanted.kind, 'E92000001'
from wanted
where wanted.kind = 'england'
union all
select wanted.comparator, wanted.label, wanted.kind, listed.area_code
from wanted
inner join {{ source('framework', 'framework_comparator_area') }} as listed
    on wanted.comparator = listed.comparator and listed.council = '{{ var("council") }}'
