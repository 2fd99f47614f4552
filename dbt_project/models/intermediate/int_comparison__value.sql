-- The council's own values of every period that publications can be set beside: a table of its own, so that the joins
-- to what others published are planned by how many there are.
select
    indicator_id, period_kind, period_start, period_end,
    value as own_value, numerator as own_numerator, denominator as own_denominator
from {{ ref('fct_indicator_value') }}
where level = 'council' and breakdown = 'all' and period_kind <> 'week' and status in ('ok', 'partial')
