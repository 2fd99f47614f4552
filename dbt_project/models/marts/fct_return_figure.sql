-- The figures of the statutory returns as the returns themselves give them, beside what was published last. A share
-- that is counted from a count is a split of it: shares of the details, without a figure for all.
with counted as (
    select '903' as return, * from {{ ref('int_return_903__case') }}
    union all
    select 'cin', * from {{ ref('int_return_cin__case') }}
),

described as (
    select
        counted.return, counted.collection_year, counted.indicator_id,
        counted.numerator, counted.denominator, (counted.numerator is null) as is_unjudged,
        coalesce(child.age_band, 'not recorded') as age_band,
        coalesce(child.sex, 'U') as sex,
        coalesce(child.ethnicity, 'Not recorded') as ethnicity,
        counted.detail
    from counted
    left join {{ ref('int_return__child') }} as child using (return, collection_year, child_key)
),

summed as (
    select
        described.return, described.collection_year, described.indicator_id, slice.breakdown, slice.category,
        coalesce(sum(described.numerator), 0) as numerator,
        sum(described.denominator) filter (where not described.is_unjudged) as denominator,
        count(*) filter (where described.is_unjudged) as unjudged,
        sum(described.denominator) as asked
    from described
    cross join lateral (
        values
        ('all', 'all'),
        ('age_band', described.age_band),
        ('sex', described.sex),
        ('ethnicity', described.ethnicity),
        ('detail', described.detail)
    ) as slice (breakdown, category)
    where slice.category is not null
    group by 1, 2, 3, 4, 5
),

wanted as (
    select
        year.return, year.collection_year, year.last_on, year.population, year.is_population_earlier,
        figure.indicator_id, figure.counted_from, figure.kind,
        figure.part = any(string_to_array(year.parts, ' ')) as is_delivered,
        (figure.kind = 'percentage' and figure.counted_from <> figure.indicator_id)
        or figure.indicator_id in ('PLC-12', 'PLC-13') as is_split,
        figure.indicator_id in ('REF-03', 'REF-03c', 'S47-05') as is_floor
    from {{ ref('int_return__year') }} as year
    inner join {{ ref('int_return__figure') }} as figure using (return)
),

whole as (
    select wanted.*, 'all' as breakdown, 'all' as category, sum.numerator, sum.denominator, sum.asked, sum.unjudged
    from wanted
    left join summed as sum
        on
            wanted.return = sum.return
            and wanted.collection_year = sum.collection_year
            and wanted.counted_from = sum.indicator_id
            and sum.breakdown = 'all'
    where not wanted.is_split
),

sliced as (
    select
        wanted.*, part.breakdown, part.category, part.numerator,
        case when wanted.is_split then total.numerator else part.denominator end as denominator,
        part.asked, part.unjudged
    from wanted
    inner join summed as part
        on
            wanted.return = part.return
            and wanted.collection_year = part.collection_year
            and wanted.counted_from = part.indicator_id
            and part.breakdown <> 'all'
    inner join summed as total
        on
            part.return = total.return
            and part.collection_year = total.collection_year
            and part.indicator_id = total.indicator_id
            and total.breakdown = 'all'
    where
        wanted.is_delivered
        and wanted.kind <> 'rate'
        and (not wanted.is_split or part.breakdown = 'detail')
        and (part.breakdown <> 'detail' or wanted.is_split or wanted.kind = 'count')
),

figure as (
    select
        every.*,
        case when every.is_delivered then coalesce(every.numerator, 0) end as above,
        case
            when every.kind = 'rate' then every.population
            -- What is not known counts as no: the share is at least this.
            when every.is_floor then every.asked
            when every.kind in ('percentage', 'mean') and every.is_delivered then coalesce(every.denominator, 0)
        end as below
    from (
        select * from whole
        union all
        select * from sliced
    ) as every
),

published as (
    select distinct on (figure.indicator_id, wanted.collection_year, is_england)
        wanted.collection_year, figure.indicator_id, figure.area_type = 'england' as is_england,
        figure.period_end, figure.value, figure.status
    from {{ ref('int_benchmark') }} as figure
    inner join (select distinct collection_year, last_on from wanted) as wanted on figure.period_end <= wanted.last_on
    left join {{ source('framework', 'framework_council') }} as council
        on figure.area_code = council.gss_code and council.council = '{{ var("council") }}'
    where figure.area_type = 'england' or council.gss_code is not null
    order by figure.indicator_id, wanted.collection_year, is_england, figure.period_end desc
)

select
    '{{ var("council") }}'::text as council,
    figure.collection_year::int as collection_year,
    figure.return::text as return,
    figure.indicator_id::text as indicator_id,
    figure.breakdown::text as breakdown,
    figure.category::text as category,
    figure.above::numeric(20, 6) as numerator,
    figure.below::numeric(20, 6) as denominator,
    case
        when figure.kind = 'count' then figure.above
        when figure.kind = 'percentage' then 100 * figure.above / nullif(figure.below, 0)
        when figure.kind = 'rate' then 10000 * figure.above / nullif(figure.below, 0)
        else figure.above / nullif(figure.below, 0)
    end::numeric(20, 6) as value,
    coalesce(figure.unjudged, 0)::int as unjudged,
    case
        when not figure.is_delivered then 'no_data'
        when figure.below = 0 then 'no_cases'
        when figure.unjudged > 0 and figure.is_floor then 'floor'
        when figure.unjudged > 0 then 'partial'
        when figure.kind = 'rate' and figure.is_population_earlier then 'earlier_population'
        else 'ok'
    end::text as status,
    own.period_end::date as published_on,
    own.value::numeric(20, 6) as published_value,
    own.status::text as published_status,
    england.period_end::date as england_on,
    england.value::numeric(20, 6) as england_value
from figure
left join {{ ref('indicators') }} as catalogue using (indicator_id)
left join published as own
    on
        figure.breakdown = 'all' and not own.is_england
        and catalogue.benchmark_id = own.indicator_id and figure.collection_year = own.collection_year
left join published as england
    on
        figure.breakdown = 'all' and england.is_england
        and catalogue.benchmark_id = england.indicator_id and figure.collection_year = england.collection_year
