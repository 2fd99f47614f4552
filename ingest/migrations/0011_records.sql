-- What was removed, by which rule, when and by whom; what may not be removed; which key made the pseudonyms.
create table ops.legal_hold (
    hold_id bigint generated always as identity primary key,
    council text not null,
    child_key text,
    feed text,
    why text not null,
    placed_at timestamptz not null default clock_timestamp(),
    placed_by text not null,
    released_at timestamptz,
    released_by text,
    constraint of_a_child_or_a_feed check (child_key is not null or feed is not null)
);

comment on table ops.legal_hold is
'Records that neither retention nor erasure removes while released_at is empty: of a child, of a feed, or both.';

create table ops.erasure (
    erasure_id bigint generated always as identity primary key,
    council text not null,
    child_key text not null,
    why text not null,
    decided_at timestamptz not null default clock_timestamp(),
    decided_by text not null,
    landed_sha256 jsonb not null default '[]',
    releases jsonb not null default '[]',
    unique (council, child_key, decided_at)
);

comment on table ops.erasure is
'Children erased by a decision. landed_sha256: private copies that were removed; releases: reports that name them.';

create table ops.removal (
    removal_id bigint generated always as identity primary key,
    council text not null,
    kind text not null check (kind in ('retention', 'erasure', 'replay')),
    what text not null,
    feed text,
    removed bigint not null check (removed > 0),
    rule text not null,
    erasure_id bigint references ops.erasure,
    removed_at timestamptz not null default clock_timestamp(),
    removed_by text not null
);

comment on table ops.removal is 'One row a kind of thing removed: what, how many, by which rule, when and by whom.';

create table ops.pseudonym_key (
    only_one boolean primary key default true check (only_one),
    fingerprint text not null,
    noted_at timestamptz not null default clock_timestamp()
);

comment on table ops.pseudonym_key is
'Fingerprint of the key under which this warehouse is loaded: under another one each child would be split in two.';

do $$
begin
    if exists (select 1 from pg_roles where rolname = 'sightline_loader') then
        grant select, insert on ops.pseudonym_key to sightline_loader;
        grant select on ops.legal_hold, ops.erasure to sightline_loader;
    end if;
end
$$;
