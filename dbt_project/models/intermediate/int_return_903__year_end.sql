-- One row a child looked after on 31 March by the SSDA903 of the year: an episode open at the day's end that is not of
-- a series of short breaks (V3, V4). A start that the returns do not reach back to leaves empty what depends on it.
with cohort as (
    select distinct on (collection_year, child_key) *
    from {{ ref('int_return_903__episode') }}
    where ended_on is null
    order by collection_year, child_key, started_on desc
),

counted as (
    select
        placement.collection_year, placement.child_key,
        count(*) filter (where placement.ended_on is null or placement.ended_on >= placement.first_on) as in_year,
        count(*) filter (
            where
            placement.ended_on is null
            or placement.ended_on > {{ add_months('placement.last_on', -24) }}
        ) as in_two_years
    from {{ ref('int_return_903__placement') }} as placement
    where placement.is_counted
    group by 1, 2
),

workers as (
    select collection_year, child_key, count(distinct worker_code) as workers
    from {{ ref('stg_ssda903_sw_episodes') }}
    where
        started_on <= make_date(collection_year::int, 3, 31)
        and (ended_on is null or ended_on >= make_date(collection_year::int - 1, 4, 1))
    group by 1, 2
),

uasc as (
    select distinct collection_year, child_key
    from {{ ref('stg_ssda903_uasc') }}
    where uasc_ended_on is null or uasc_ended_on > make_date(collection_year::int, 3, 31)
),

timed as (
    select
        cohort.*,
        child.age_at_end as age,
        {{ add_months('cohort.care_started_on', 24) }} <= cohort.last_on as is_two_years,
        {{ add_months('cohort.care_started_on', 30) }} <= cohort.last_on as is_two_and_a_half_years,
        {{ add_months('cohort.placement_started_on', 24) }} <= cohort.last_on as is_two_years_here,
        {{ add_months('here.previous_started_on', 24) }} <= cohort.last_on
        and cohort.placement in ('A3', 'A4', 'A5', 'A6') as is_two_years_with_adopters,
        here.is_previous_start_known or here.previous_started_on is null as is_previous_start_known
    from cohort
    left join {{ ref('int_return__child') }} as child
        on
            cohort.collection_year = child.collection_year
            and cohort.child_key = child.child_key
            and child.return = '903'
    left join {{ ref('int_return_903__placement') }} as here
        on
            cohort.collection_year = here.collection_year
            and cohort.child_key = here.child_key
            and cohort.care_no = here.care_no
            and cohort.placement_no = here.placement_no
    where not cohort.is_short_break
)

select
    timed.collection_year, timed.first_on, timed.last_on, timed.returns_from, timed.child_key, timed.age,
    timed.started_on, timed.legal_status, timed.need, timed.placement, timed.placement_provider,
    timed.care_no, timed.care_started_on, timed.is_care_start_known,
    (uasc.child_key is not null) as is_uasc,
    coalesce(workers.workers, 0) as workers,
    coalesce(counted.in_year, 0) as placements_in_year,
    -- In care for two years: yes, no, or not known where care began before the returns do.
    case
        when timed.is_two_years then true
        when timed.is_care_start_known then false
    end as is_two_years,
    -- Fewer than three is known where the returns reach back two years, or the child has not moved since.
    case
        when coalesce(counted.in_two_years, 0) >= 3 then true
        when timed.returns_from <= {{ add_months('timed.last_on', -24) }} + 1 then false
        when timed.is_two_years_here then false
    end as is_three_in_two_years,
    case
        when timed.age is null or timed.age >= 16 then false
        when timed.is_two_and_a_half_years then true
        when timed.is_care_start_known then false
    end as is_stability_asked,
    case
        when timed.is_two_years_here or coalesce(timed.is_two_years_with_adopters, false) then true
        when
            timed.is_placement_start_known
            and (timed.placement not in ('A3', 'A4', 'A5', 'A6') or timed.is_previous_start_known) then false
        when timed.is_temporary then false
    end as is_settled
from timed
left join counted using (collection_year, child_key)
left join workers using (collection_year, child_key)
left join uasc using (collection_year, child_key)
