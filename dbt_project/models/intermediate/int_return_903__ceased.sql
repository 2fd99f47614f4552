-- One row a child who ceased to be looked after in the year of an SSDA903: the last time in the year, series of short
-- breaks (V3, V4) left out. X1 ends an episode and no care. An adoption (E11, E12) brings its steps: the decision,
-- the match (AD1), the first placement with the adopters (A3 to A6).
with ceased as (
    select distinct on (collection_year, child_key) *
    from {{ ref('int_return_903__episode') }}
    where ended_on >= first_on and end_reason <> 'X1' and not is_short_break
    order by collection_year, child_key, ended_on desc, started_on desc
),

decided as (
    select collection_year, child_key, max(placed_on) as decided_on
    from {{ ref('stg_ssda903_placed_for_adoption') }}
    where placement_ceased_on is null
    group by 1, 2
),

moved_in as (
    select collection_year, child_key, care_no, min(started_on) as moved_in_on
    from {{ ref('int_return_903__episode') }}
    where placement in ('A3', 'A4', 'A5', 'A6')
    group by 1, 2, 3
)

select
    ceased.*,
    (ceased.end_reason in ('E11', 'E12')) as is_adopted,
    coalesce(decided.decided_on, adoption.decided_on) as decided_on,
    adoption.matched_on,
    moved_in.moved_in_on
from ceased
left join {{ ref('stg_ssda903_ad1') }} as adoption using (collection_year, child_key)
left join decided using (collection_year, child_key)
left join moved_in using (collection_year, child_key, care_no)
