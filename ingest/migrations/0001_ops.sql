-- The ledger of what came in and of what went out. raw and identity are made from the feed specifications.
create schema if not exists raw;
create schema if not exists identity;
create schema if not exists ops;
create schema if not exists published;

revoke all on schema raw, identity, ops, published from public;

create table ops.delivery (
    delivery_id bigint primary key,
    council text not null,
    feed text,
    file_name text not null,
    sha256 text,
    received_at timestamptz not null default clock_timestamp(),
    as_at date not null,
    state text not null check (state in ('loaded', 'unchanged', 'refused', 'held', 'failed')),
    rows_read integer not null default 0,
    rows_inserted integer not null default 0,
    rows_unchanged integer not null default 0,
    rows_rejected integer not null default 0,
    rows_duplicate integer not null default 0,
    rows_closed integer not null default 0,
    is_late boolean not null default false,
    same_as bigint references ops.delivery,
    encoding text,
    notes jsonb not null default '[]',
    rule text,
    error text,
    spec_sha256 text,
    constraint rows_are_conserved
    check (rows_read = rows_inserted + rows_unchanged + rows_rejected + rows_duplicate),
    constraint accepted_has_feed
    check (state not in ('loaded', 'unchanged') or (feed is not null and sha256 is not null))
);

create index delivery_by_feed on ops.delivery (council, feed, as_at, delivery_id);

comment on table ops.delivery is
'One row a delivered file. In force: loaded or unchanged. failed: interrupted, nothing of it is loaded.';

create table ops.rejected_row (
    delivery_id bigint not null references ops.delivery,
    sheet text not null default '',
    row_no integer not null,
    column_name text not null,
    rule text not null,
    reason text not null,
    further_faults jsonb not null default '[]',
    row_sealed bytea not null,
    primary key (delivery_id, sheet, row_no)
);

comment on table ops.rejected_row is
'One row a rejected row: its first fault, further ones, and the row itself encrypted. A reason holds no value.';

create table ops.run (
    run_id text primary key,
    kind text not null,
    council text not null,
    as_at date,
    state text not null,
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    code_version text,
    details jsonb not null default '{}'
);

create table ops.release (
    release_id text primary key,
    report text not null,
    council text not null,
    period text not null,
    audience text not null,
    unit text,
    as_at date not null,
    created_at timestamptz not null default clock_timestamp(),
    figures_sha256 text not null,
    deliveries jsonb not null,
    code_version text,
    path text,
    state text not null
);

create table ops.released_figure (
    release_id text not null references ops.release,
    section text not null,
    indicator_id text not null,
    level text not null,
    unit_code text not null,
    breakdown text not null,
    category text not null,
    period_kind text not null,
    period_start date,
    period_end date,
    numerator numeric,
    denominator numeric,
    value numeric,
    status text,
    shown text
);

create index released_figure_by_release on ops.released_figure (release_id);

create table ops.access (
    access_id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    who text not null,
    report text not null,
    unit_code text,
    child_key text,
    purpose text not null
);
