with need as (
    select
        indicator_id,
        string_agg(feed, ' ' order by feed) as needs
    from {{ ref('int_indicator__need') }}
    group by indicator_id
)

select
    indicator_id::text as indicator_id,
    title::text as title,
    domain::text as domain,
    page::int as page,
    definition::text as definition,
    numerator_text::text as numerator_text,
    denominator_text::text as denominator_text,
    kind::text as kind,
    unit::text as unit,
    decimals::int as decimals,
    better::text as better,
    timing::text as timing,
    aggregation::text as aggregation,
    cadence::text as cadence,
    clock_id::text as clock_id,
    feed::text as feed,
    needs::text as needs,
    history::text as history,
    source::text as source,
    legal_basis::text as legal_basis,
    benchmark_id::text as benchmark_id,
    owner::text as owner,
    caveat::text as caveat,
    detail_of::text as detail_of,
    made_of::text as made_of,
    status::text as status,
    since::text as since
from {{ ref('indicators') }}
left join need using (indicator_id)
