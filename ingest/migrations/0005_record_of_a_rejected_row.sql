-- Which record a rejected row is: so that a fault's age and its mending can be told from delivery to delivery.
alter table ops.rejected_row add column record_key text;

comment on column ops.rejected_row.record_key is
'The row''s key as raw.<feed>.row_key would have it (pseudonyms in it); null in deliveries before this column.';
