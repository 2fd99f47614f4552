-- Children counted once, or with repeats, are counted at one event: `int_value__distinct` reads their numerators as 0
-- or 1.
select
    indicator.indicator_id,
    observation.numerator
from {{ ref('int_observation') }} as observation
inner join {{ ref('int_grid__indicator') }} as indicator using (indicator_no)
where
    indicator.aggregation in ('distinct', 'repeat')
    and observation.numerator not in (0, 1)
