-- A file may hold several feeds (its sheets, its XML elements), and a return belongs to a collection year.
alter table ops.delivery add column sheet text;
alter table ops.delivery add column collection_year integer;
alter table ops.delivery add column rows_warned integer not null default 0;

comment on column ops.delivery.collection_year is
'The year (ending 31 March) of a statutory return; a snapshot supersedes only deliveries of its own year.';

create table ops.warning (
    delivery_id bigint not null references ops.delivery,
    sheet text not null default '',
    row_no integer not null,
    column_name text not null,
    rule text not null,
    reason text not null
);

create index warning_by_delivery on ops.warning (delivery_id, row_no);

comment on table ops.warning is
'One row a fault that did not cost its row: the value was loaded blank, or as it stands. A reason holds no value.';

do $$
begin
    if exists (select 1 from pg_roles where rolname = 'sightline_loader') then
        grant select, insert, update, delete on ops.warning to sightline_loader;
    end if;
end
$$;
