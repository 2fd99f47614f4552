-- The categories of children, each under a number; 0 stands for no breakdown.
with of_person as (
    select distinct cut.*
    from {{ ref('int_person') }} as person
    cross join lateral (
        values
        ('sex', person.sex),
        ('ethnicity', person.ethnicity),
        ('disability', person.disability),
        ('uasc', case when person.is_uasc then 'yes' when not person.is_uasc then 'no' end)
    ) as cut (breakdown, category)
    where cut.category is not null
),

recorded as (
    select * from of_person
    union all
    select distinct 'locality', locality from {{ ref('int_address') }} where locality is not null
    union all
    select distinct 'need', primary_need_code from {{ ref('int_referral') }} where primary_need_code is not null
)

select *
from (
    values
    (0, 'all', 'all'),
    (1, 'age_band', 'unborn'),
    (2, 'age_band', '0'),
    (3, 'age_band', '1-4'),
    (4, 'age_band', '5-9'),
    (5, 'age_band', '10-15'),
    (6, 'age_band', '16-17'),
    (7, 'age_band', '18+')
) as fixed (category_no, breakdown, category)
union all
select
    (10 + row_number() over (order by breakdown, category))::int,
    breakdown,
    category
from recorded
