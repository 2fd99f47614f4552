"""Hand-made marts for the tests of publishing: one made-up council, invented figures, every grain coherent.

`create(connection)` makes the schemas marts, ops, identity, raw and published with the columns that
`publish` reads. Teams sum to services and to the council, months to quarters and years, so that tests of
disclosure have real sums to attack.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import psycopg
import publish_flow_fixture

from sightline.periods import Period

COUNCIL, GSS, AS_AT, FIRST = "barnet", "E09000003", date(2026, 9, 30), date(2023, 4, 1)
SERVICES = {"S-FD": "Front door and assessment", "S-FS": "Family support and protection", "S-CC": "Children in care"}
TEAMS = {
    "T-MASH": ("MASH", "S-FD"),
    "T-DAT1": ("Duty and Assessment 1", "S-FD"), "T-DAT2": ("Duty and Assessment 2", "S-FD"),
    "T-IP1": ("Intervention and Planning 1", "S-FS"), "T-IP2": ("Intervention and Planning 2", "S-FS"),
    "T-CIC1": ("Children in Care 1", "S-CC"), "unallocated": ("Not allocated", "unallocated"),
}  # fmt: skip
ASSESS, PROTECT, CARE = ("T-DAT1", "T-DAT2"), ("T-IP1", "T-IP2"), ("T-CIC1", "unallocated")


def _read_catalogue() -> dict[str, tuple]:
    """The invented catalogue: monthly base count, share in per cent, the teams that do the work, a published value."""
    with (Path(__file__).parent / "publish_catalogue.csv").open(newline="", encoding="utf-8") as handle:
        return {
            row["indicator_id"]: (
                *(row[name] for name in ("title", "domain", "kind", "timing", "aggregation", "better")),
                int(row["base"]), float(row["share"]) if row["share"] else None, tuple(row["teams"].split()),
                int(row["page"]), float(row["published"]) if row["published"] else None,
            )
            for row in csv.DictReader(handle)
        }  # fmt: skip


CATALOGUE = _read_catalogue()
POPULATION = 93900
NEEDS = {"N1": 0.5, "N2": 0.12, "N3": 0.05, "N4": 0.08, "N5": 0.12, "N6": 0.05, "N8": 0.05, "N9": 0.03}
BREAKDOWNS = {
    "sex": {"M": 0.5, "F": 0.46, "U": 0.04},
    "age_band": {"unborn": 0.03, "0": 0.05, "1-4": 0.2, "5-9": 0.27, "10-15": 0.33, "16-17": 0.12},
    "ethnicity": {"White": 0.44, "Mixed": 0.14, "Asian": 0.11, "Black": 0.17, "Other": 0.1, "Not recorded": 0.04},
    "disability": {"yes": 0.13, "no": 0.87},
    "locality": {"East and Central": 0.4, "South": 0.27, "West": 0.2, "ZZ8": 0.08, "ZZ9": 0.05},
    "need": NEEDS,
}
DETAILS = {
    "REF-01": {"6": 0.27, "2A": 0.2, "3A": 0.17, "1A": 0.12, "5A": 0.1, "4": 0.06, "8": 0.05, "9": 0.03},
    "CP-01": {"NEG": 0.47, "EMO": 0.36, "PHY": 0.1, "SAB": 0.04, "MUL": 0.03},
    "ASM-01": {"same day": 0.02, "1-10": 0.12, "11-20": 0.17, "21-30": 0.16, "31-40": 0.18, "41-45": 0.15,
               "46-50": 0.08, "51-60": 0.07, "61+": 0.05},
    "AUD-01": {"outstanding": 0.1, "good": 0.52, "requires_improvement": 0.3, "inadequate": 0.08},
    "CIN-01": NEEDS,
}  # fmt: skip
OPS_DELIVERY = (
    "ops.delivery (delivery_id, council, feed, file_name, sha256, received_at, as_at, state, rows_read, rows_inserted)"
)
DOMAINS = ("assessment", "planning", "childs_voice", "oversight")
GRADES = ("outstanding", "good", "requires_improvement", "inadequate")

MIGRATIONS = Path(__file__).resolve().parent.parent / "ingest" / "migrations"
DDL = """
create schema if not exists marts;
create schema if not exists reference;
create table reference.local_authorities (area_code text, area_name text, dfe_code text, region_code text);
insert into reference.local_authorities values ('E09000003', 'Barnet', '302', 'E13000002'),
  ('E13000002', 'Outer London', null, null);
create table marts.dim_indicator (indicator_id text primary key, title text, domain text, definition text,
  numerator_text text, denominator_text text, kind text, unit text, decimals int, better text, timing text,
  aggregation text, cadence text, clock_id text, feed text, needs text, history text, source text,
  legal_basis text, benchmark_id text, owner text,
  caveat text, detail_of text, status text, since text, page int);
create table marts.dim_team (council text, team_code text, team_name text, service_code text, service_name text,
  is_service boolean);
create table marts.dim_period (period_kind text, period_start date, period_end date, snapshot_on date,
  is_complete boolean, label text);
create table marts.fct_indicator_value (council text, indicator_id text, level text, unit_code text,
  breakdown text, category text, period_kind text, period_start date, period_end date, as_at date,
  numerator numeric(20,6), denominator numeric(20,6), value numeric(20,6), status text);
create table marts.fct_indicator_comparison (council text, indicator_id text, period_kind text,
  period_start date, period_end date, own_value numeric, own_numerator numeric, own_denominator numeric,
  comparator text, method text, comparator_value numeric, n_areas int, rank int, n_ranked int, quartile int,
  published_period date, difference numeric, is_better boolean, source text, status text);
create table marts.fct_benchmark (indicator_id text, area_code text, area_name text, area_type text,
  period_label text, period_end date, value numeric, status text, numerator numeric, denominator numeric,
  source text, delivery_id bigint);
create table marts.fct_duty (council text, duty_id text, clock_id text, title text, child_key text, case_id text,
  worker_code text, team_code text, start_on date, due_on date, done_on date, ended_on date, state text, reason text,
  days_left int, working_days int, as_at date);
create table marts.fct_workload (council text, team_code text, worker_code text, as_at date, cases int,
  children int, fte numeric, cases_per_fte numeric, opened_28_days int, closed_28_days int);
create table marts.fct_audit (council text, audit_id text, child_key text, audit_type text, theme text,
  service_code text, team_code text, worker_code text, completed_on date, overall_grade text,
  overall_rank int, is_good boolean);
create table marts.fct_audit_domain (council text, audit_id text, domain text, grade text, grade_rank int,
  is_good boolean, team_code text, service_code text, completed_on date);
create table identity.ssd_person (delivery_id bigint, row_no int, council text, closed_by bigint,
  pers_person_id text);
create table raw.ssd_person (delivery_id bigint, row_no int, council text, closed_by bigint, pers_person_id text);
create table raw.restricted_record (council text, closed_by bigint, child_id text, restricted_from date,
  restricted_until date, roles text);
create table marts.fct_observation (council text, indicator_id text, case_id text, child_key text, worker_code text,
  team_code text, service_code text, observed_on date, numerator numeric, denominator numeric, age_band text,
  sex text, ethnicity text, disability text, uasc text, locality text, need text, detail text, feed text,
  delivery_id bigint, row_no int);
"""


def create(connection: psycopg.Connection, *, seed: int = 7) -> None:
    """Make the schemas and fill them; the same seed gives the same rows."""
    rng = random.Random(seed)
    for migration in ("0001_ops.sql",):
        connection.execute((MIGRATIONS / migration).read_text(encoding="utf-8"))
    connection.execute(DDL)
    _insert(connection, "marts.dim_indicator", _catalogue())
    _insert(connection, "marts.dim_team", _teams())
    _insert(
        connection, "marts.dim_period", [(k, a, b, min(b, AS_AT), b <= AS_AT, a.isoformat()) for k, a, b in periods()]
    )
    _insert(connection, "marts.fct_indicator_value", values(rng))
    _insert(connection, "marts.fct_benchmark", _benchmarks(rng))
    _insert(connection, "marts.fct_indicator_comparison", _comparisons(rng))
    _insert(connection, "marts.fct_duty", _duties(rng))
    workers = [(COUNCIL, t, f"W{n:04d}", AS_AT, c, c, 1, c, n % 4, n % 3) for t, n, c in _workers(rng)]
    _insert(connection, "marts.fct_workload", workers)
    audits, domains = _audits(rng)
    _insert(connection, "marts.fct_audit", audits)
    _insert(connection, "marts.fct_audit_domain", domains)
    people = range(1, 121)
    _insert(connection, "raw.ssd_person", [(1, n, COUNCIL, None, f"{n:032x}") for n in people])
    _insert(connection, "identity.ssd_person", [(1, n, COUNCIL, None, f"{n:08d}") for n in people])
    _insert(connection, "marts.fct_observation", _observations(rng))
    _insert(connection, OPS_DELIVERY, _deliveries())
    publish_flow_fixture.create(connection)


def _insert(connection: psycopg.Connection, table: str, rows: list[tuple]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"copy {table} from stdin") as copy:
        for row in rows:
            copy.write_row(row)


def _catalogue() -> list[tuple]:
    rows = []
    for number, (key, item) in enumerate(CATALOGUE.items()):
        title, domain, kind, timing, aggregation, better, *_, page, bench = item
        unit = {
            "percentage": "%",
            "rate": "per 10,000 children",
            "mean": "cases per FTE",
            "median": "working days",
        }.get(kind, "children")
        decimals = 0 if kind == "count" else 1
        rows.append((key, title, domain, f"{title}: counted by the rule of the catalogue.",
                     f"{title}, those that meet the rule",
                     "all cases" if kind == "percentage" else None, kind, unit, decimals, better, timing, aggregation,
                     "W/M/Q/Y", None, *["ssd_cin_episodes" if number % 2 else "referral_decision"] * 2, "full", "SSD",
                     None, key if bench else None, "performance team",
                     "Figures of this month may still be restated." if key == "ASM-03" else None,
                     None, "computed", "0.1.0", page))  # fmt: skip
    return rows


def _teams() -> list[tuple]:
    rows = [(COUNCIL, code, name, code, name, True) for code, name in SERVICES.items()]
    names = SERVICES | {"unallocated": "Not allocated"}
    return rows + [(COUNCIL, code, name, service, names[service], False) for code, (name, service) in TEAMS.items()]


def periods() -> list[tuple[str, date, date]]:
    """Every period (kind, start, end) that has begun by the as-at date."""
    found = []
    for kind in ("month", "quarter", "year"):
        period = Period.containing(AS_AT, kind)
        while period.start >= FIRST:
            found.append((kind, period.start, period.end))
            period = period.before()
    week = Period.containing(AS_AT, "week")
    for _ in range(54):
        found.append(("week", week.start, week.end))
        week = week.before()
    for kind, start, end in list(found):
        if kind == "month" and start >= date(2024, 3, 1):
            found.append(
                (
                    "rolling_year",
                    Period.parse(f"{start:%Y-%m}").start.replace(
                        year=start.year - (start.month != 12), month=start.month % 12 + 1
                    ),
                    end,
                )
            )
    return found


def values(rng: random.Random) -> list[tuple]:
    """fct_indicator_value: months drawn for each team and category, every other grain summed from them."""
    months = sorted((a, b) for k, a, b in periods() if k == "month")
    rows: list[tuple] = []
    for key, item in CATALOGUE.items():
        cells = _month_cells(rng, key, item, months)
        for kind, start, end in periods():
            used = (
                [m for m in months if start <= m[0] <= end]
                if kind != "week"
                else [m for m in months if m[0] <= end][-1:]
            )
            if item[3] == "snapshot":
                used = [m for m in months if m[0] <= min(end, AS_AT)][-1:]
            rows += _period_rows(key, item, kind, start, end, used, cells)
    return rows


def _month_cells(rng: random.Random, key: str, item: tuple, months: list) -> dict:
    """(month, team, breakdown, category) -> [numerator, denominator], from drawn cases."""
    base, share, teams = item[6], item[7], item[8]
    cells: dict = defaultdict(lambda: [0.0, 0.0])
    splits = BREAKDOWNS | ({"detail": DETAILS[key]} if key in DETAILS else {})
    for number, month in enumerate(months):
        for team in teams:
            size = max(1, round(base / len(teams) * (1 + 0.04 * rng.gauss(0, 1)) * (1 + 0.002 * number)))
            if item[3] == "snapshot" and team == "unallocated":
                size = max(1, size // 60)
            rate = (
                (share or 100)
                + (0.12 * number if item[5] == "high" else 0)
                - (14 if key == "ASM-03" and team == "T-DAT2" and number > 31 else 0)
            )
            hits = (
                size
                if share is None
                else round(size * min(rate + rng.gauss(0, 3), 99.5) / (1 if item[2] in ("mean", "median") else 100))
            )
            cells[month, team, "all", "all"] = [hits, size]
            for breakdown, weights in splits.items():
                left = [hits, size]
                names = list(weights)
                for name in names[1:]:
                    part = [min(left[1], round(size * weights[name] * rng.uniform(0.8, 1.2)))]
                    part.insert(0, min(left[0], round(hits * part[0] / size)))
                    cells[month, team, breakdown, name] = part
                    left = [left[0] - part[0], left[1] - part[1]]
                cells[month, team, breakdown, names[0]] = left
    return cells


def _period_rows(key: str, item: tuple, kind: str, start: date, end: date, used: list, cells: dict) -> list[tuple]:
    sums: dict = defaultdict(lambda: [0.0, 0.0])
    scale = 0.25 if kind == "week" and item[3] == "event" else 1
    for (month, team, breakdown, category), (n, d) in cells.items():
        if month not in used or (breakdown != "all" and (kind == "week" or item[2] in ("rate", "mean", "median"))):
            continue
        units = [("council", COUNCIL)]
        if item[2] != "rate":
            units += [("service", TEAMS[team][1]), ("team", team)]
        for level, unit in units:
            total = sums[level, unit, breakdown, category]
            total[0] += round(n * scale)
            total[1] += round(d * scale)
    rows = []
    days = (end - start).days + 1
    for (level, unit, breakdown, category), (n, d) in sums.items():
        factor = 365 / days if kind not in ("year", "rolling_year") else 1
        value, bottom = {
            "count": (n, None), "percentage": (100 * n / d if d else None, d), "mean": (n / d if d else None, d),
            "median": (n / d if d else None, d),
            "rate": (10000 * n / POPULATION * (factor if item[3] == "event" else 1), POPULATION),
        }[item[2]]  # fmt: skip
        status = "empty" if value is None else "ok" if end <= AS_AT else "partial"
        rows.append((COUNCIL, key, level, unit, breakdown, category, kind, start, end, AS_AT, n, bottom, value, status))
    return rows


def _benchmarks(rng: random.Random) -> list[tuple]:
    areas = [
        ("E92000001", "England", "england"),
        ("E13000002", "Outer London", "region"),
        (GSS, "Barnet", "local_authority"),
    ]
    areas += [(f"E0900009{n}", f"Neighbour {n}", "local_authority") for n in range(6)]
    rows = []
    for key, item in CATALOGUE.items():
        if item[-1] is None:
            continue
        for year in range(2020, 2026):
            for code, name, kind in areas:
                value = item[-1] if code == GSS else round(item[-1] * rng.uniform(0.85, 1.3), 1)
                hidden = name == "Neighbour 3" and year == 2024
                rows.append((key, code, name, kind, f"{year - 1}-{year % 100}", date(year, 3, 31),
                             None if hidden else value,
                             "c" if hidden else "ok", None, None, "Made-up comparison file", None))  # fmt: skip
    return rows


def _comparisons(rng: random.Random) -> list[tuple]:
    rows = []
    for key, item in CATALOGUE.items():
        if item[-1] is None:
            continue
        for kind, start, end in periods():
            if kind not in ("quarter", "year", "rolling_year") or end > AS_AT or end.year < 2025:
                continue
            for comparator, method in (
                ("statistical_neighbours", "mean"),
                ("england", "published"),
                ("region", "published"),
            ):
                value = round(item[-1] * rng.uniform(0.9, 1.25), 1)
                rows.append((COUNCIL, key, kind, start, end, item[-1], None, None, comparator, method, value,
                             10, 4, 11, 2,
                             date(2025, 3, 31), round(item[-1] - value, 1), None,
                             "Made-up comparison file", "ok"))  # fmt: skip
    return rows


def _workers(rng: random.Random) -> list[tuple[str, int, int]]:
    teams = [team for team in TEAMS if team != "unallocated"]
    return [(team, 100 * number + n, rng.randint(9, 24)) for number, team in enumerate(teams) for n in range(6)]


def _duties(rng: random.Random) -> list[tuple]:
    titles = {
        "T03": "Assessment",
        "T08": "Child protection visit",
        "T05": "Initial conference",
        "T12": "Child in need visit",
    }
    rows = []
    for team_number, team in enumerate(t for t in TEAMS if t not in ("unallocated", "T-MASH")):
        for n in range(60):
            clock = rng.choice(list(titles))
            due = AS_AT + timedelta(days=rng.randint(-25, 40))
            done = due - timedelta(days=rng.randint(-3, 9)) if rng.random() < 0.45 and due < AS_AT else None
            state = ("late" if done > due else "met") if done else ("overdue" if due < AS_AT else "due")
            left = None if done else (due - AS_AT).days
            rows.append((COUNCIL, f"{clock}/{team}/{n}", clock, titles[clock], f"{rng.randint(1, 120):032x}", f"C{n}",
                         f"W{100 * (team_number + 1) + n % 6:04d}" if n % 11 else "unallocated", team,
                         due - timedelta(days=45), due, done, None,
                         state, None, left, None, AS_AT))  # fmt: skip
    return rows


def _audits(rng: random.Random) -> tuple[list[tuple], list[tuple]]:
    audits, domains = [], []
    for month in sorted({a for k, a, b in periods() if k == "month" and a >= date(2025, 4, 1)}):
        for team in ASSESS + PROTECT:
            for n in range(5):
                key, service = f"A-{month:%y%m}-{team}-{n}", TEAMS[team][1]
                grade = rng.choices(GRADES, (1, 5, 3, 1))[0]
                rank = GRADES.index(grade) + 1
                on = month + timedelta(days=3 * n + 2)
                audits.append(
                    (
                        COUNCIL,
                        key,
                        f"{n + 1:032x}",
                        "case_file",
                        None,
                        service,
                        team,
                        "W0101",
                        on,
                        grade,
                        rank,
                        rank < 3,
                    )
                )
                for domain in DOMAINS:
                    other = min(4, max(1, rank + rng.choice((-1, 0, 0, 1))))
                    domains.append((COUNCIL, key, domain, GRADES[other - 1], other, other < 3, team, service, on))
    return audits, domains


def _deliveries() -> list[tuple]:
    rows = []
    for number, feed in enumerate(
        ("ssd_cin_episodes", "ssd_cin_assessments", "referral_decision", "audit", "feedback", "staff_post"), 1
    ):
        on = AS_AT if feed != "referral_decision" else AS_AT - timedelta(days=21)
        rows.append((number, COUNCIL, feed, f"{feed}.csv", f"{number:064x}", f"{on} 23:00+01", on, "loaded", 100, 100))
    rows.append(
        (7, COUNCIL, "ssd_cin_episodes", "ssd_cin_episodes.csv", f"{7:064x}", f"{AS_AT} 23:30+01", AS_AT, "held", 0, 0)
    )
    return rows


def _observations(rng: random.Random) -> list[tuple]:
    """Child rows of the counts that are drawn as pyramids, on the last day of the quarter."""
    rows = []
    for key in ("CON-01", "EH-01", "REF-01", "CIN-01", "CP-01", "CLA-01"):
        for n in range(min(400, CATALOGUE[key][6])):
            band = rng.choices(list(BREAKDOWNS["age_band"]), BREAKDOWNS["age_band"].values())[0]
            sex = "U" if band == "unborn" else rng.choice("MF")
            rows.append(
                (
                    COUNCIL,
                    key,
                    f"C{n}",
                    f"{n % 120 + 1:032x}",
                    "W0101",
                    "T-DAT1",
                    "S-FD",
                    AS_AT,
                    1,
                    None,
                    band,
                    sex,
                    "White",
                    "no",
                    "no",
                    "West",
                    "N1",
                    None,
                    "ssd_cin_episodes",
                    1,
                    n,
                )
            )
    return rows
