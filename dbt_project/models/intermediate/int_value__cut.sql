-- Sums by team and category: of flows by month, of stocks at the ends of months. One pass: each observation adds to one
-- category of each breakdown.
select
    observation.indicator_no, observation.bucket_no, observation.team_no, cut.category_no, cut.detail,
    sum(observation.numerator) as numerator, sum(observation.denominator) as denominator
from {{ ref('int_observation') }} as observation
cross join lateral (
    values
    (observation.age_no::int, null::text),
    (observation.sex_no, null),
    (observation.ethnicity_no, null),
    (observation.disability_no, null),
    (observation.uasc_no, null),
    (observation.locality_no, null),
    (observation.need_no, null),
    (null, observation.detail)
) as cut (category_no, detail)
where observation.bucket_no < 2000 and (cut.category_no is not null or cut.detail is not null)
group by 1, 2, 3, 4, 5
