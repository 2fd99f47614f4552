-- The feeds without which a clock's duties would be invented, and whether each was ever delivered.
with delivered as (
    {{ delivered_feeds() }}
)

select
    need.clock_id,
    need.feed,
    (delivered.feed is not null) as is_delivered
from {{ ref('clock_needs') }} as need
left join delivered using (feed)
