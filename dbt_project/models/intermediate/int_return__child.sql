-- One row a child in a statutory return of a year, as that return describes the child. The exact date of birth comes
-- from identity for the rules; no mart shows it.
with child as (
    select
        '903' as return, header.collection_year, header.child_key, own."DOB" as birth_on,
        case header.sex when '1' then 'M' when '2' then 'F' else coalesce(header.sex, 'U') end as sex,
        header.ethnicity
    from {{ ref('stg_ssda903_header') }} as header
    inner join {{ source('identity', 'ssda903_header') }} as own using (delivery_id, row_no)
    union all
    select
        'cin', child.census_year, child.child_key, own."PersonBirthDate",
        coalesce(child.sex, case child.gender when '1' then 'M' when '2' then 'F' else 'U' end),
        child.ethnicity
    from {{ ref('stg_cin_child') }} as child
    inner join {{ source('identity', 'cin_child') }} as own using (delivery_id, row_no)
)

select
    child.return, child.collection_year::int as collection_year, child.child_key, child.birth_on, child.sex,
    {{ age_years('child.birth_on', 'year.last_on') }} as age_at_end,
    {{ age_years('child.birth_on', 'year.first_on') }} as age_at_start,
    {{ age_band('child.birth_on', 'year.last_on') }} as age_band,
    case
        when child.ethnicity like 'W%' then 'White'
        when child.ethnicity like 'M%' then 'Mixed'
        when child.ethnicity like 'A%' or child.ethnicity = 'CHNE' then 'Asian'
        when child.ethnicity like 'B%' then 'Black'
        when child.ethnicity = 'OOTH' then 'Other'
        else 'Not recorded'
    end as ethnicity
from child
inner join {{ ref('int_return__year') }} as year
    on child.return = year.return and child.collection_year = year.collection_year
