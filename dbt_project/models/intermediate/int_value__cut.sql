-- Sums by team and category: of flows by month, of stocks at the ends of months. One pass: each observation adds to one
-- category of each breakdown; the few that have a detail of their own are read once more.
with in_category as (
    select
        indicator_no,
        bucket_no,
        team_no,
        unnest(array[
            age_no, sex_no, ethnicity_no, disability_no, uasc_no, locality_no, need_no
        ]) as category_no,
        numerator,
        denominator
    from {{ ref('int_observation') }}
    where bucket_no < 2000
)

select
    indicator_no, bucket_no, team_no, category_no::int as category_no, null::text as detail,
    sum(numerator) as numerator, sum(denominator) as denominator
from in_category
where category_no is not null
group by 1, 2, 3, 4
union all
select
    indicator_no, bucket_no, team_no, null, detail,
    sum(numerator), sum(denominator)
from {{ ref('int_observation') }}
where bucket_no < 2000 and detail is not null
group by 1, 2, 3, 5
