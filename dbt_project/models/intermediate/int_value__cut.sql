-- Sums by team and category: of flows by month, of stocks at the ends of months. One pass: each observation adds to one
-- category of each breakdown; the few that have a detail of their own are read once more. Observations of stocks come
-- by day, so that the groups in use at a time fit into the processor's memory: in no order it takes a quarter longer.
select
    indicator_no,
    bucket_no,
    team_no,
    coalesce(age_no, sex_no, ethnicity_no, disability_no, uasc_no, locality_no, need_no)::int as category_no,
    null::text as detail,
    sum(numerator) as numerator,
    sum(denominator) as denominator
from {{ ref('int_observation') }}
where bucket_no < 2000
group by
    indicator_no, bucket_no, team_no,
    grouping sets (age_no, sex_no, ethnicity_no, disability_no, uasc_no, locality_no, need_no)
having coalesce(age_no, sex_no, ethnicity_no, disability_no, uasc_no, locality_no, need_no) is not null
union all
select
    indicator_no, bucket_no, team_no, null, detail,
    sum(numerator), sum(denominator)
from {{ ref('int_observation') }}
where bucket_no < 2000 and detail is not null
group by 1, 2, 3, 5
