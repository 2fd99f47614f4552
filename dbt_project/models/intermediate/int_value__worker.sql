-- Sums without a breakdown by team and worker: of flows by month and week, of stocks by snapshot day. What cannot be
-- added up has no bucket: its row says that the worker is one whom figures are of.
select
    indicator_no, bucket_no, team_no, worker_code,
    sum(numerator) as numerator, sum(denominator) as denominator
from {{ ref('int_observation') }}
group by 1, 2, 3, 4
union all
select
    observation.indicator_no, day.week_no, observation.team_no, observation.worker_code,
    sum(observation.numerator), sum(observation.denominator)
from {{ ref('int_observation') }} as observation
inner join {{ ref('int_grid__day') }} as day using (observed_on)
inner join {{ ref('int_grid__indicator') }} as indicator using (indicator_no)
where observation.bucket_no < 1000 and day.week_no is not null and indicator.has_weeks
group by 1, 2, 3, 4
