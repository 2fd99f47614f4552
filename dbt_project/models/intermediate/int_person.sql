-- One row a child, with what the breakdowns need. Disability and asylum status are as ever recorded:
-- the standard dataset holds no dates for a disability.
with disability as (
    select
        child_key,
        bool_or(disability_code <> 'NONE') as has_disability
    from {{ ref('stg_ssd_disability') }}
    group by child_key
),

uasc as (
    select distinct child_key
    from {{ ref('stg_ssd_immigration_status') }}
    where
        immigration_status = 'Unaccompanied Asylum Seeking Child'
        and (started_on is null or started_on <= {{ as_at() }})
)

select
    person.child_key,
    person.birth_on,
    person.expected_birth_on,
    person.birth_month,
    {{ known('person.died_on') }} as died_on,
    person.sex,
    person.ethnicity_code,
    case
        when person.ethnicity_code in ('WBRI', 'WIRI', 'WIRT', 'WROM', 'WOTH') then 'White'
        when person.ethnicity_code in ('MWBC', 'MWBA', 'MWAS', 'MOTH') then 'Mixed'
        when person.ethnicity_code in ('AIND', 'APKN', 'ABAN', 'CHNE', 'AOTH') then 'Asian'
        when person.ethnicity_code in ('BCRB', 'BAFR', 'BOTH') then 'Black'
        when person.ethnicity_code = 'OOTH' then 'Other'
        else 'Not recorded'
    end as ethnicity,
    case
        when disability.has_disability then 'yes'
        when disability.has_disability is null then 'not recorded'
        else 'no'
    end as disability,
    (uasc.child_key is not null) as is_uasc,
    person.feed,
    person.delivery_id,
    person.row_no
from {{ ref('stg_ssd_person') }} as person
left join disability using (child_key)
left join uasc using (child_key)
