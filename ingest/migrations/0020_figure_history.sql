-- What figures were at each build. Builds replace the marts, so only here can be read how a figure was known before.
create table ops.figure_build (
    run_id text primary key,
    council text not null,
    as_at date not null,
    previous_run_id text references ops.figure_build,
    recorded_at timestamptz not null default clock_timestamp(),
    deliveries bigint[] not null
);

comment on table ops.figure_build is
'One row a build whose figures were recorded; deliveries: those loaded since the recorded build before.';

create table ops.figure_history (
    council text not null,
    indicator_id text not null,
    level text not null,
    unit_code text not null,
    period_kind text not null,
    period_start date not null,
    period_end date not null,
    run_id text not null references ops.figure_build,
    is_first boolean not null,
    numerator numeric(20, 6),
    denominator numeric(20, 6),
    value numeric(20, 6),
    replaced_by text references ops.figure_build,
    primary key (run_id, indicator_id, level, unit_code, period_kind, period_start)
);

create unique index figure_history_in_force
on ops.figure_history (council, indicator_id, level, unit_code, period_kind, period_start)
where replaced_by is null;

create index figure_history_replaced on ops.figure_history (replaced_by) where replaced_by is not null;

comment on table ops.figure_history is
'Figures of complete months, quarters and years of council and teams, one row each time one changed. is_first: nothing
had been known of the period before. replaced_by: the build that changed it again.';

create table ops.figure_cause (
    run_id text not null references ops.figure_build,
    indicator_id text not null,
    cause text not null check (cause in ('deliveries', 'later_day', 'rules')),
    deliveries bigint[] not null,
    primary key (run_id, indicator_id)
);

comment on table ops.figure_cause is
'Why figures of an indicator changed in a build: the deliveries of its feeds since the build before; without any, the
later as-at date; without either, the rules.';

do $$
begin
    if exists (select 1 from pg_roles where rolname = 'sightline_builder') then
        grant usage on schema ops to sightline_builder;
        grant select, insert, update on ops.figure_build, ops.figure_history, ops.figure_cause to sightline_builder;
    end if;
end
$$;
