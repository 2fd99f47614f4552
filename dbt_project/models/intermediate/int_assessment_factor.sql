-- One row a factor found by an assessment: each code once, however often it is recorded.
with listed as (
    select
        assessment_id,
        factors_json::jsonb as factors,
        feed,
        delivery_id,
        row_no
    from {{ ref('stg_ssd_assessment_factors') }}
    where factors_json is json array
)

select distinct on (listed.assessment_id, factor.code)
    listed.assessment_id,
    factor.code as factor_code,
    listed.feed,
    listed.delivery_id,
    listed.row_no
from listed
cross join lateral jsonb_array_elements_text(listed.factors) as factor (code)
where factor.code <> ''
order by listed.assessment_id, factor.code, listed.delivery_id, listed.row_no
