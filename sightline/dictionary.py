"""The data dictionary, gathered from what does the work: dbt's manifest, the catalogue, specifications, the database.

One of the modules that stand on both sides, like the command line: it joins ingest's specifications with dbt's models
for publish to write.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import yaml

from ingest.column import Column as SpecColumn
from ingest.spec import FeedSpec, load_specs
from sightline import __version__, dictionary_lineage, warehouse
from sightline.build import LAYERS, PROJECT
from sightline.dictionary_model import Column, Dictionary, Feed, FeedColumn, Report, Table
from sightline.settings import ROOT, settings

NAMES = Path(__file__).with_name("column_names.yml")
CATALOG = """
select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
from pg_class as c inner join pg_namespace as n on n.oid = c.relnamespace
inner join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname = any(%s) and c.relkind in ('r', 'v', 'm', 'p') and not c.relispartition
order by 1, 2, a.attnum
"""
KEYED = "keyed pseudonym"
NOT_STAGED = {
    "restricted_record": "Read where it lies: it says who may see a child's records, and no figure rests on it.",
    "ssd_mother": "Loaded and kept; no figure rests on it.",
}
COARSENED = {
    "month": "month only; the day in identity",
    "district": "district only; the postcode in identity",
    "listed": "known texts only; the text in identity",
}
Catalog = dict[tuple[str, str], dict[str, str]]


class DictionaryError(RuntimeError):
    """dbt could not read the project."""


def gather() -> Dictionary:
    """Gather the dictionary; types come from the standing warehouse where there is one.

    Raises:
        DictionaryError: dbt cannot read its project.
    """
    catalog, specs = standing_columns(), load_specs()
    tables = _tables(read_manifest(), catalog, specs)
    staged = {feed for table in tables if table.layer == "staging" for feed in table.feeds}
    lineage = dictionary_lineage.Lineage(tables)
    return Dictionary(
        version=__version__,
        is_from_database=bool(catalog),
        indicators=tuple(lineage.indicator(row) for row in _rows("indicators")),
        clocks=tuple(lineage.clock(row, _users(row["clock_id"])) for row in _rows("clocks")),
        tables=tables,
        feeds=tuple(_feed(spec, spec.feed in staged) for spec in specs.values()),
        reports=tuple(_reports()),
    )


def read_manifest() -> Any:
    """Return dbt's manifest of the project, parsed anew where a file has changed since the last time.

    Raises:
        DictionaryError: dbt cannot read its project.
    """
    from dbt.cli.main import dbtRunner

    folder = settings().home / "dbt" / "dictionary"
    places = {"--project-dir": PROJECT, "--profiles-dir": PROJECT, "--target-path": folder, "--log-path": folder}
    quiet = ["--log-level", "none", "--log-level-file", "none", "--no-write-json"]
    arguments = [word for name, place in places.items() for word in (name, str(place))]
    outcome = dbtRunner().invoke(["parse", *arguments, *quiet])
    if not outcome.success:
        raise DictionaryError(f"dbt cannot read its project: {outcome.exception}")
    return outcome.result


def standing_columns() -> Catalog:
    """Return the columns of every standing table: (layer, table) -> column -> type. Empty where nothing is built.

    A database is not started for this where there has never been one.
    """
    if warehouse.is_embedded() and not (settings().home / "postgres").exists():
        return {}
    found: Catalog = {}
    with warehouse.connect() as connection:
        if not connection.execute("select to_regclass('marts.fct_indicator_value')").fetchone()[0]:
            return {}
        for layer, table, column, kind in _columns(connection):
            found.setdefault((layer, table), {})[column] = kind
    return found


def _columns(connection: psycopg.Connection) -> list[tuple[str, str, str, str]]:
    return connection.execute(CATALOG, (list(LAYERS),)).fetchall()


def _tables(manifest: Any, catalog: Catalog, specs: dict[str, FeedSpec]) -> tuple[Table, ...]:
    """Every model and seed, by layer in the order of the data's way, then by name."""
    nodes = [node for node in manifest.nodes.values() if node.resource_type in ("model", "seed")]
    names = {node.unique_id: node.name for node in nodes}
    read_by: dict[str, list[str]] = {}
    for node in nodes:
        for parent in node.depends_on_nodes:
            read_by.setdefault(parent, []).append(node.name)
    tests = _tests(manifest)
    tables = [
        _table(node, names, tuple(sorted(read_by.get(node.unique_id, []))), tests, manifest, catalog, specs)
        for node in nodes
    ]
    return tuple(sorted(tables, key=lambda table: (LAYERS.index(table.layer), table.name)))


def _table(
    node: Any,
    names: dict[str, str],
    read_by: tuple[str, ...],
    tests: dict[tuple[str, str], list[str]],
    manifest: Any,
    catalog: Catalog,
    specs: dict[str, FeedSpec],
) -> Table:
    layer = "reference" if node.resource_type == "seed" else node.fqn[1]
    feeds = tuple(sorted({_source(uid) for uid in node.depends_on_nodes if uid.startswith("source.")} & set(specs)))
    spec = specs.get(node.name.removeprefix("stg_")) if layer == "staging" else None
    described = {name.strip('"'): column for name, column in node.columns.items()}
    standing = catalog.get((layer, node.name), {})
    delivered = dictionary_lineage.delivered_columns(node.raw_code, spec) if spec else {}
    columns = tuple(
        _column(
            name,
            described.get(name),
            standing.get(name, "") if standing else _declared(described[name]),
            delivered.get(name, ()),
            tests.get((node.unique_id, name), []),
        )
        for name in dict.fromkeys([*standing, *described])
    )
    return Table(
        layer=layer,
        name=node.name,
        description=_one_line(node.description) or _header(node.raw_code) or (spec.title + "." if spec else ""),
        path=f"{PROJECT.name}/{node.original_file_path}",
        columns=columns,
        tests=tuple(sorted([*tests.get((node.unique_id, ""), []), *_constraints(node)])),
        examples=tuple(sorted(one.name for one in manifest.unit_tests.values() if one.model == node.name)),
        reads=tuple(sorted(names[uid] for uid in node.depends_on_nodes if uid in names)),
        read_by=read_by,
        feeds=feeds,
        is_standing=bool(standing),
    )


def _column(name: str, described: Any, kind: str, delivered: tuple[SpecColumn, ...], tests: list[str]) -> Column:
    """A model's own description comes first, then the specification's note, then what the name means everywhere."""
    note = next((column.note for column in delivered if column.note), "")
    stem = name.removesuffix("_status")
    common = _names().get(name) or (f"ok, or the symbol published in place of {stem}." if stem != name else "")
    own = _one_line(described.description) if described else ""
    return Column(
        name=name,
        type=kind,
        description=own or _sentence(note) or common,
        delivered_as=", ".join(column.name for column in delivered),
        tests=tuple(sorted({*tests, *(one.type.value for one in (described.constraints if described else ()))})),
        privacy=KEYED if name == "child_key" else next((text for text in map(_privacy, delivered) if text), ""),
    )


def _constraints(node: Any) -> list[str]:
    """What a model's contract says of whole rows."""
    return [f"{one.type.value}: columns {one.columns}" for one in getattr(node, "constraints", [])]


def _declared(described: Any) -> str:
    return described.data_type or ""


def _tests(manifest: Any) -> dict[tuple[str, str], list[str]]:
    """Data tests by (model's id, column); the column is empty for tests of whole rows."""
    found: dict[tuple[str, str], list[str]] = {}
    for node in manifest.nodes.values():
        if node.resource_type == "test" and getattr(node, "attached_node", None):
            for column, text in _asserted(node):
                found.setdefault((node.attached_node, column.strip('"')), []).append(text)
    return found


def _asserted(node: Any) -> list[tuple[str, str]]:
    """What a data test asserts, by column: one test of a model may assert something of each of several columns."""
    name, given = node.test_metadata.name, node.test_metadata.kwargs
    if name == "never_empty":
        return [(column, name) for column in given["columns"]]
    if name == "codes":
        return [(column, f"{name}: {values}") for column, values in given["columns"].items()]
    says = {key: value for key, value in given.items() if key not in ("model", "column_name")}
    words = "; ".join(f"{key} {value}" for key, value in sorted(says.items()))
    return [(node.column_name or "", f"{name}{': ' if words else ''}{words}")]


def _feed(spec: FeedSpec, is_staged: bool) -> Feed:
    columns = tuple(
        FeedColumn(
            name=column.name,
            type=column.type,
            is_required=spec.is_required(column),
            codes=tuple(column.codes or ()),
            privacy=_privacy(column),
            note=_sentence(column.note),
            years=_years(column),
        )
        for column in spec.columns
    )
    said = spec.model_dump(include={"title", "group", "cadence", "owner", "retention_years", "source", "files", "key"})
    staging = f"stg_{spec.feed}" if is_staged else ""
    why_not = "" if is_staged else NOT_STAGED.get(spec.feed, "")
    return Feed(name=spec.feed, columns=columns, staging=staging, why_not_staged=why_not, **said)


def _privacy(column: SpecColumn) -> str:
    if column.coarsen:
        return COARSENED[column.coarsen]
    if column.pseudonym:
        return f"{KEYED}; the identifier in identity"
    return "identity only" if column.private else ""


def _years(column: SpecColumn) -> str:
    since = f"from {column.since}" if column.since else ""
    return " ".join(part for part in (since, f"to {column.until}" if column.until else "") if part)


def _reports() -> list[Report]:
    found = []
    for path in sorted((ROOT / "publish" / "reports").glob("*.yml")):
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        found.append(Report(path.stem, said["title"], said["purpose"], path.relative_to(ROOT).as_posix()))
    return found


def _users(clock_id: str) -> tuple[str, ...]:
    return tuple(row["indicator_id"] for row in _rows("indicators") if clock_id in row["clock_id"].split())


@cache
def _rows(seed: str) -> tuple[dict[str, str], ...]:
    with (PROJECT / "seeds" / f"{seed}.csv").open(newline="", encoding="utf-8") as handle:
        return tuple(csv.DictReader(handle))


@cache
def _names() -> dict[str, str]:
    return yaml.safe_load(NAMES.read_text(encoding="utf-8"))


def _source(unique_id: str) -> str:
    return unique_id.rpartition(".")[2]


def _one_line(text: str) -> str:
    return " ".join((text or "").split())


def _sentence(note: str) -> str:
    return f"{note[0].upper()}{note[1:]}{'' if note.endswith('.') else '.'}" if note else ""


def _header(code: str) -> str:
    """The comment at a model's head, where the model is described there alone."""
    after_config = re.sub(r"\A\s*\{\{ config\(.*?\) \}\}", "", code, flags=re.DOTALL)
    lines = re.match(r"(?:\s*--[^\n]*\n)*", after_config)[0].splitlines()
    return _one_line(" ".join(line.strip().removeprefix("--") for line in lines))
