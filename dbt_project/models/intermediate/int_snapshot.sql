{{ config(indexes=[{'columns': ['snapshot_on'], 'unique': true}]) }}
-- The days on which open cases are counted: the last known day of every period. The index gives each record its days
-- alone, where otherwise every record is held against every day.
select distinct snapshot_on
from {{ ref('int_period') }}
