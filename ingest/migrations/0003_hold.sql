-- Who let a held delivery in, or ended it, when and why.
alter table ops.delivery add column decided_at timestamptz;
alter table ops.delivery add column decided_by text;
alter table ops.delivery add column decided_why text;

comment on column ops.delivery.decided_at is 'When a person accepted or refused a held delivery; null: nobody had to.';

-- Accepting a held delivery writes its rejected rows anew.
do $$
begin
    if exists (select 1 from pg_roles where rolname = 'sightline_loader') then
        grant delete on ops.rejected_row to sightline_loader;
    end if;
end
$$;
