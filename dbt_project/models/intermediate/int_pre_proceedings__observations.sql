-- Children in pre-proceedings on each snapshot day, once each, and the days that it took until it ended.
with held as (
    select distinct on (day.snapshot_on, pre.child_key)
        'LEG-02' as indicator_id,
        pre.pre_proceedings_id,
        pre.child_key,
        day.snapshot_on as observed_on,
        1 as numerator,
        null::int as denominator,
        pre.feed,
        pre.delivery_id,
        pre.row_no
    from {{ ref('int_pre_proceedings') }} as pre
    inner join {{ ref('int_snapshot') }} as day
        on {{ open_at('pre.decided_on', 'pre.ended_on', 'day.snapshot_on') }}
    order by day.snapshot_on, pre.child_key, pre.decided_on desc, pre.pre_proceedings_id desc
),

gathered as (
    select * from held
    union all
    select
        'LEG-03', pre_proceedings_id, child_key, ended_on, ended_on - decided_on, 1, feed, delivery_id, row_no
    from {{ ref('int_pre_proceedings') }}
    where ended_on is not null
)

select
    gathered.indicator_id,
    gathered.pre_proceedings_id as case_id,
    gathered.child_key,
    allocation.worker_code,
    allocation.team_code,
    gathered.observed_on,
    gathered.numerator,
    gathered.denominator,
    null as detail,
    gathered.feed,
    gathered.delivery_id,
    gathered.row_no
from gathered
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'gathered.child_key', 'gathered.observed_on') }}
