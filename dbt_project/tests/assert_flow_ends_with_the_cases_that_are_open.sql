-- What came and went adds up to the cases held at the end of each month, counted anew.
with counted as (
    select
        coalesce(team.team_code, 'unallocated') as unit_code,
        period.period_start,
        count(*) as open_at_end
    from {{ ref('int_allocation') }} as allocation
    left join {{ ref('int_team') }} as team using (team_code)
    inner join {{ ref('int_period') }} as period
        on
            period.period_kind = 'month'
            and {{ open_at('allocation.from_on', 'allocation.to_on', 'period.snapshot_on') }}
    group by 1, 2
),

flow as (
    select unit_code, period_start, open_at_end
    from {{ ref('fct_flow') }}
    where level = 'team' and period_kind = 'month' and open_at_end > 0
)

select unit_code, period_start
from counted
full join flow using (unit_code, period_start)
where counted.open_at_end is distinct from flow.open_at_end
