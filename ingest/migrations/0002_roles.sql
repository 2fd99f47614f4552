-- Roles of the warehouse, where the connected role may make roles; a managed server's administrator makes them
-- there. None may log in: a council's own logins are granted one of them.
do $$
declare
    role_name text;
begin
    foreach role_name in array array['sightline_analyst', 'sightline_loader', 'sightline_builder'] loop
        begin
            if not exists (select 1 from pg_roles where rolname = role_name) then
                execute format('create role %I nologin', role_name);
            end if;
        exception
            when insufficient_privilege or duplicate_object or unique_violation then null;
        end;
    end loop;

    if exists (select 1 from pg_roles where rolname = 'sightline_analyst') then
        grant usage on schema raw, published to sightline_analyst;
        grant select on all tables in schema raw, published to sightline_analyst;
        alter default privileges in schema raw grant select on tables to sightline_analyst;
        alter default privileges in schema published grant select on tables to sightline_analyst;
    end if;

    if exists (select 1 from pg_roles where rolname = 'sightline_loader') then
        grant usage on schema raw, identity, ops to sightline_loader;
        grant select, insert, update on all tables in schema raw, identity, ops to sightline_loader;
        alter default privileges in schema raw grant select, insert, update on tables to sightline_loader;
        alter default privileges in schema identity grant select, insert, update on tables to sightline_loader;
    end if;

    if exists (select 1 from pg_roles where rolname = 'sightline_builder') then
        grant usage on schema raw, identity, ops to sightline_builder;
        grant select on all tables in schema raw, identity to sightline_builder;
        grant select on ops.delivery to sightline_builder;
        alter default privileges in schema raw grant select on tables to sightline_builder;
        alter default privileges in schema identity grant select on tables to sightline_builder;
    end if;
end
$$;
