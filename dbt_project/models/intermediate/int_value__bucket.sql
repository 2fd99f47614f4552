{#- Sums of observations by team, month or week of the event or day of the snapshot; every coarser
    period and level is added up from these. -#}
{% set breakdowns = ['age_band', 'sex', 'ethnicity', 'disability', 'uasc', 'detail'] %}
with observation as (
    select
        o.*,
        i.timing
    from {{ ref('fct_observation') }} as o
    inner join {{ ref('indicators') }} as i using (indicator_id)
    where i.aggregation in ('sum', 'mean', 'share', 'split')
),

first_week as (
    select min(period_start) as starts_on from {{ ref('int_period') }} where period_kind = 'week'
),

month_end as (
    select distinct snapshot_on from {{ ref('int_period') }} where period_kind = 'month'
)

select
    indicator_id,
    case when timing = 'event' then 'month' else 'snapshot' end as bucket_kind,
    case when timing = 'event' then date_trunc('month', observed_on)::date else observed_on end as bucket_on,
    service_code,
    team_code,
    worker_code,
    'all' as breakdown,
    'all' as category,
    sum(numerator) as numerator,
    sum(denominator) as denominator
from observation
group by 1, 2, 3, 4, 5, 6
union all
select
    indicator_id, 'week', date_trunc('week', observed_on)::date, service_code, team_code, worker_code,
    'all', 'all', sum(numerator), sum(denominator)
from observation
where timing = 'event' and observed_on >= (select starts_on from first_week)
group by 1, 2, 3, 4, 5, 6
{% for breakdown in breakdowns %}
union all
select
    indicator_id,
    case when timing = 'event' then 'month' else 'snapshot' end,
    case when timing = 'event' then date_trunc('month', observed_on)::date else observed_on end,
    service_code, team_code, null::text,
    '{{ breakdown }}', {{ breakdown }}, sum(numerator), sum(denominator)
from observation
where
    {{ breakdown }} is not null
    and (timing = 'event' or observed_on in (select snapshot_on from month_end))
group by 1, 2, 3, 4, 5, 8
{% endfor %}
