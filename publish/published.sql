-- Figures that have passed the protection of small numbers, as members, partners and the public were shown them.
create schema if not exists published;
create table if not exists published.figure (
    release_id text not null,
    council text not null,
    audience text not null,
    report text not null,
    as_at date not null,
    indicator_id text not null,
    level text not null,
    unit_code text not null,
    breakdown text not null,
    category text not null,
    period_kind text not null,
    period_start date not null,
    period_end date not null,
    numerator numeric,
    denominator numeric,
    value numeric,
    status text not null,
    is_hidden boolean not null,
    shown text not null,
    primary key (release_id, indicator_id, level, unit_code, breakdown, category, period_kind, period_end)
);
