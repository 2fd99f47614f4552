-- The feeds that each indicator needs, its own and those of the counts that it is made of, and whether each was ever
-- delivered. Without one of them the figure is not known: a rule that finds no row there would count it as nothing.
with need as (
    select indicator_id, feed from {{ ref('indicators') }} where feed is not null
    union
    select indicator_id, feed from {{ ref('indicator_needs') }}
),

delivered as (
    {{ delivered_feeds() }}
)

select distinct
    indicator.indicator_id,
    need.feed,
    (delivered.feed is not null) as is_delivered
from {{ ref('indicators') }} as indicator
inner join need
    on need.indicator_id = any(string_to_array(concat_ws(' ', indicator.indicator_id, indicator.made_of), ' '))
left join delivered on need.feed = delivered.feed
