-- The categories of children, each under a number; 0 stands for no breakdown. Of a breakdown whose feed was never
-- delivered there are none: nobody is known to be in one.
with delivered as (
    {{ delivered_feeds() }}
),

of_person as (
    select distinct
        cut.breakdown,
        cut.category
    from {{ ref('int_person') }} as person
    cross join lateral (
        values
        ('sex', person.sex, 'ssd_person'),
        ('ethnicity', person.ethnicity, 'ssd_person'),
        ('disability', person.disability, 'ssd_disability'),
        (
            'uasc', case when person.is_uasc then 'yes' when not person.is_uasc then 'no' end,
            'ssd_immigration_status'
        )
    ) as cut (breakdown, category, feed)
    inner join delivered on cut.feed = delivered.feed
    where cut.category is not null
),

recorded as (
    select * from of_person
    union all
    select distinct 'locality', locality from {{ ref('int_address') }} where locality is not null
    union all
    select distinct 'need', primary_need_code from {{ ref('int_referral') }} where primary_need_code is not null
)

select fixed.*
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
where fixed.breakdown = 'all' or 'ssd_person' in (select feed from delivered)
union all
select
    (10 + row_number() over (order by breakdown, category))::int,
    breakdown,
    category
from recorded
