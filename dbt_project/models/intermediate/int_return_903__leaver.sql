-- One row a care leaver of an SSDA903 (OC3): the 17th to 21st birthday falls in the year. Those who died or returned
-- home for good are in no figure. Whether care ended in a foster placement (U1 to U6) on the 18th birthday is known
-- only where the return of that year is here.
select
    leaver.collection_year,
    leaver.child_key,
    child.age_at_end as age,
    leaver.in_touch,
    leaver.activity,
    left(leaver.accommodation, 1) as home,
    leaver.accommodation like '_1' as is_suitable,
    case
        when coalesce(fostered.is_fostered, false) then true
        when year.returns_from <= {{ add_months('year.first_on', '-12 * (child.age_at_end - 18)') }} then false
    end as is_fostered_until_18
from {{ ref('stg_ssda903_oc3') }} as leaver
inner join {{ ref('int_return__child') }} as child
    on
        leaver.collection_year = child.collection_year
        and leaver.child_key = child.child_key
        and child.return = '903'
inner join {{ ref('int_return__year') }} as year
    on leaver.collection_year = year.collection_year and year.return = '903'
left join lateral (
    select true as is_fostered
    from {{ ref('stg_ssda903_episodes') }} as episode
    where
        episode.child_key = leaver.child_key
        and episode.collection_year <= leaver.collection_year
        and {{ age_years('child.birth_on', 'episode.ceased_on') }} = 18
        and {{ age_years('child.birth_on', 'episode.ceased_on - 1') }} = 17
        and episode.end_reason <> 'X1'
        and episode.placement in ('U1', 'U2', 'U3', 'U4', 'U5', 'U6')
    limit 1
) as fostered on true
where child.age_at_end between 17 and 21 and leaver.in_touch not in ('DIED', 'RHOM')
