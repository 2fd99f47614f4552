-- Figures of any delivered data file whose columns the seed knows, one line an indicator, area and year. A figure that
-- the file holds more than once (a filter that is new) is left out: which one is meant is not guessed.
with wanted as (
    select
        columns.wanted_id, columns.dataset, columns.filters::jsonb as filters, columns.time_identifier,
        columns.year_ends, columns.benchmark_id, columns.indicator is null as is_share,
        part.role, lower(part.name) as name, part.n_names
    from (select row_number() over () as wanted_id, * from {{ ref('published_columns') }}) as columns
    cross join lateral (
        select named.role, unnest(string_to_array(named.names, ' + ')) as name,
            cardinality(string_to_array(named.names, ' + ')) as n_names
        from (
            values ('value', columns.indicator), ('numerator', columns.numerator), ('denominator', columns.denominator)
        ) as named (role, names)
        where named.names is not null
    ) as part
),

-- Which columns and filters of the files are wanted: looked up once for each, not for each figure.
kind as (
    select distinct dataset, indicator, time_identifier, filters from {{ ref('stg_ees_value') }}
),

known as materialized (
    select
        kind.dataset, kind.indicator, kind.time_identifier, kind.filters,
        wanted.wanted_id, wanted.benchmark_id, wanted.is_share, wanted.role, wanted.n_names, wanted.year_ends
    from kind
    inner join wanted
        on
            kind.indicator = wanted.name
            and kind.time_identifier = wanted.time_identifier
            and kind.dataset like wanted.dataset
            and kind.filters::jsonb @> wanted.filters
),

cell as (
    select
        known.wanted_id, known.benchmark_id, known.is_share, known.role, known.n_names, known.year_ends,
        file.dataset, file.area_code, file.ends_in, file.value, file.status, file.delivery_id, file.row_no, file.feed
    from known
    inner join {{ ref('stg_ees_value') }} as file using (dataset, indicator, time_identifier, filters)
),

summed as (
    select
        wanted_id, benchmark_id, is_share, year_ends, dataset, area_code, ends_in, role, feed,
        case when count(value) = n_names then sum(value) end as value,
        -- A sum is as sure as its least sure part: any symbol makes the sum a symbol.
        coalesce(min(status) filter (where status <> 'ok'), 'ok') as status,
        count(*) = n_names as is_clear,
        max(delivery_id) as delivery_id,
        max(row_no) as row_no
    from cell
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, n_names
),

figure as (
    select
        wanted_id, benchmark_id, is_share, year_ends, dataset, area_code, ends_in, feed,
        max(value) filter (where role = 'value') as value,
        max(status) filter (where role = 'value') as status,
        max(value) filter (where role = 'numerator') as numerator,
        max(status) filter (where role = 'numerator') as numerator_status,
        max(value) filter (where role = 'denominator') as denominator,
        max(status) filter (where role = 'denominator') as denominator_status,
        max(delivery_id) as delivery_id,
        max(row_no) as row_no,
        bool_or(role = case when is_share then 'numerator' else 'value' end) as is_there
    from summed
    where is_clear
    group by 1, 2, 3, 4, 5, 6, 7, 8
)

select
    benchmark_id as indicator_id,
    area_code,
    to_date(ends_in || '-' || year_ends, 'YYYY-MM-DD') as period_end,
    case when is_share then round(100 * numerator / nullif(denominator, 0), 1) else value end as value,
    case
        when is_share then coalesce(nullif(numerator_status, 'ok'), denominator_status, 'x')
        else status
    end as status,
    numerator,
    denominator,
    delivery_id,
    row_no,
    feed
from figure
where is_there
