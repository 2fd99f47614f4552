-- Each row behind a figure names the delivered row that it came from; what the council as a whole owes by its own file
-- names its place there.
select indicator_id, feed
from {{ ref('fct_observation') }}
where feed is null or row_no is null or (delivery_id is null and feed <> 'framework_expectation')
group by indicator_id, feed
