-- When a delivery came into force, and which deliveries were known on a day.
alter table ops.delivery add column accepted_at timestamptz;

update ops.delivery set accepted_at = coalesce(decided_at, received_at) where state in ('loaded', 'unchanged');

comment on column ops.delivery.accepted_at is
'When the delivery came into force: later than received_at where its first load was interrupted or it was held.';

create function ops.note_acceptance() returns trigger language plpgsql as $$
begin
    if new.accepted_at is null and new.state in ('loaded', 'unchanged') then
        new.accepted_at := clock_timestamp();
    end if;
    return new;
end
$$;

create trigger note_acceptance before insert or update on ops.delivery
for each row execute function ops.note_acceptance();

-- A delivery is known on a day if it and every delivery of its feed that came into force before it carry an as-at
-- date of that day or an earlier one. What came late, after a delivery of a later day, was not known then.
create function ops.known_at(of_council text, on_day date) returns table (delivery_id bigint) language sql stable as $$
    select accepted.delivery_id
    from (
        select
            d.delivery_id,
            bool_or(d.as_at > on_day) over (partition by d.feed order by d.accepted_at, d.delivery_id) as is_after
        from ops.delivery as d
        where d.council = of_council and d.state in ('loaded', 'unchanged')
    ) as accepted
    where not accepted.is_after
$$;

comment on function ops.known_at is
'Deliveries known at the end of a day. A row was in force then if it came with one and none of them closed it.';

revoke execute on function ops.known_at from public;

do $$
begin
    if exists (select 1 from pg_roles where rolname = 'sightline_builder') then
        grant execute on function ops.known_at to sightline_builder;
    end if;
end
$$;
