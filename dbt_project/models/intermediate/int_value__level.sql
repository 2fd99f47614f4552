-- The buckets once for every level.
with team as (
    select
        indicator_id, bucket_kind, bucket_on, service_code, team_code, breakdown, category,
        sum(numerator) as numerator, sum(denominator) as denominator
    from {{ ref('int_value__bucket') }}
    group by 1, 2, 3, 4, 5, 6, 7
)

select
    indicator_id, bucket_kind, bucket_on, 'council' as level, '{{ var("council") }}' as unit_code,
    breakdown, category, sum(numerator) as numerator, sum(denominator) as denominator
from team
group by 1, 2, 3, 6, 7
union all
select
    indicator_id, bucket_kind, bucket_on, 'service', service_code,
    breakdown, category, sum(numerator), sum(denominator)
from team
group by 1, 2, 3, 5, 6, 7
union all
select
    indicator_id, bucket_kind, bucket_on, 'team', team_code,
    breakdown, category, numerator, denominator
from team
union all
select
    indicator_id, bucket_kind, bucket_on, 'worker', worker_code,
    breakdown, category, sum(numerator), sum(denominator)
from {{ ref('int_value__bucket') }}
where breakdown = 'all' and worker_code <> 'unallocated'
group by 1, 2, 3, 5, 6, 7
