-- The days on which open cases are counted: the last known day of every period.
select distinct snapshot_on
from {{ ref('int_period') }}
