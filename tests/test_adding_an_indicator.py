"""A maintainer adds an indicator: one row of the catalogue, one rule line, one worked example, and nothing else."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from conftest import AS_AT, copy_database, use_database

from bench import examples
from ingest.load import ingest
from sightline import build as build_module
from sightline import trace as trace_module
from sightline.settings import ROOT
from synthetic import generate

NEW, BESIDE = "ASM-11", "ASM-09"
CATALOGUE = "seeds/indicators.csv"
RULES = "models/intermediate/int_assessment__observations.sql"
EXAMPLES = "models/intermediate/assessment.yml"
ROW = {
    "indicator_id": NEW,
    "title": "Assessments of disabled children in 45 working days",
    "definition": "Share of completed assessments of disabled children that were authorised within 45 working days.",
    "numerator_text": "Assessments of disabled children authorised within 45 working days",
    "denominator_text": "Assessments of disabled children authorised in the period",
    "better": "high",
    "aggregation": "sum",
    "made_of": "",
    "clock_id": "T02",
    "benchmark_id": "",
    "since": "0.2.0",
}
RULE = (
    f"        ('{NEW}', case when assessment.has_disability"
    " then (assessment.authorised_on <= assessment.due_on)::int end, 1, null),\n"
)
EXAMPLE_NAME = "asm_11_disabled_children_on_the_last_day"
EXAMPLE = f"""
  - name: {EXAMPLE_NAME}
    description: Of disabled children, the last day is in time and the day after is not; another child is left out.
    model: int_assessment__observations
    given:
      - input: ref('int_assessment')
        rows:
          - {{assessment_id: A1, authorised_on: 2026-06-01, due_on: 2026-06-01, has_disability: true}}
          - {{assessment_id: A2, authorised_on: 2026-06-02, due_on: 2026-06-01, has_disability: true}}
          - {{assessment_id: A3, authorised_on: 2026-06-01, due_on: 2026-06-01, has_disability: false}}
      - input: ref('int_snapshot')
        rows: []
      - input: ref('int_allocation')
        rows: []
    expect:
      rows:
        - {{case_id: A1, indicator_id: ASM-01, numerator: 1}}
        - {{case_id: A2, indicator_id: ASM-01, numerator: 1}}
        - {{case_id: A3, indicator_id: ASM-01, numerator: 1}}
        - {{case_id: A1, indicator_id: ASM-03, numerator: 1}}
        - {{case_id: A2, indicator_id: ASM-03, numerator: 0}}
        - {{case_id: A3, indicator_id: ASM-03, numerator: 1}}
        - {{case_id: A1, indicator_id: ASM-09, numerator: 1}}
        - {{case_id: A2, indicator_id: ASM-09, numerator: 1}}
        - {{case_id: A1, indicator_id: {NEW}, numerator: 1}}
        - {{case_id: A2, indicator_id: {NEW}, numerator: 0}}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what a maintainer edits, in which Sightline builds and traces."""
    for name in ("dbt_project", "ingest/feeds", "publish/reports"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("target", "logs", ".user.yml"))
    monkeypatch.setattr(build_module, "PROJECT", tmp_path / "dbt_project")
    monkeypatch.setattr(examples, "PROJECT", tmp_path / "dbt_project")
    monkeypatch.setattr(trace_module, "ROOT", tmp_path)
    monkeypatch.setattr(trace_module, "MODELS", tmp_path / "dbt_project" / "models")
    return tmp_path


@pytest.fixture
def council(migrated: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with a tiny council, ingested and not built."""
    before = use_database(None)
    url = copy_database(migrated)
    use_database(url)
    (tmp_path / "extracts").mkdir()
    generate(tmp_path / "extracts", "barnet", 60, 2, 3, AS_AT)
    ingest([tmp_path / "extracts"], "barnet", AS_AT)
    yield url
    use_database(before)


def add_the_indicator(project: Path) -> None:
    """The catalogue row and the rule line stand below those of a neighbour; the example ends the model's file."""
    catalogue = (project / CATALOGUE).read_text(encoding="utf-8").splitlines(keepends=True)
    reader = csv.DictReader(catalogue)
    row = next(row for row in reader if row["indicator_id"] == BESIDE) | ROW
    with (project / CATALOGUE).open("w", encoding="utf-8", newline="") as file:
        for line in catalogue:
            file.write(line)
            if line.startswith(f"{BESIDE},"):
                csv.DictWriter(file, reader.fieldnames, lineterminator="\n").writerow(row)
    rules = (project / RULES).read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(number for number, line in enumerate(rules) if f"'{BESIDE}'" in line)
    (project / RULES).write_text("".join([*rules[: place + 1], RULE, *rules[place + 1 :]]), encoding="utf-8")
    with (project / EXAMPLES).open("a", encoding="utf-8") as file:
        file.write(EXAMPLE)


def contents(project: Path) -> dict[str, bytes]:
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in project.rglob("*") if path.is_file()}


def test_one_row_one_line_and_one_example_make_an_indicator(root, council):
    project = root / "dbt_project"
    before = contents(project)
    add_the_indicator(project)
    changed = {name for name, content in contents(project).items() if before.get(name) != content}
    assert changed == {CATALOGUE, RULES, EXAMPLES}

    assert build_module.build("barnet", AS_AT).state == "built"
    assert EXAMPLE_NAME in {example.name for example in examples.load(["int_assessment__observations"])}

    with psycopg.connect(council) as connection:
        figures = dict(
            connection.execute(
                "select indicator_id, array[numerator, denominator]::float8[] from marts.fct_indicator_value"
                " where indicator_id in (%s, %s) and level = 'council' and breakdown = 'all'"
                " and period_kind = 'year' and period_start = '2025-04-01'",
                (NEW, BESIDE),
            ).fetchall()
        )
        counted = connection.execute(
            "select count(*) filter (where authorised_on <= due_on), count(*) from intermediate.int_assessment"
            " where has_disability and authorised_on between '2025-04-01' and '2026-03-31'"
        ).fetchone()
        shape = dict(
            connection.execute(
                "select indicator_id,"
                " array[count(distinct level), count(distinct period_kind), count(distinct breakdown)]"
                " from marts.fct_indicator_value where indicator_id in (%s, %s) group by 1",
                (NEW, BESIDE),
            ).fetchall()
        )
    assert tuple(figures[NEW]) == counted
    assert figures[NEW][1] == figures[BESIDE][0] > 0
    assert shape[NEW] == shape[BESIDE]
    assert min(shape[NEW]) > 2

    (root / "publish" / "reports" / "new.yml").write_text(f"blocks: [{{kind: cards, indicators: [{NEW}]}}]\n")
    way = trace_module.trace(NEW)
    assert way.title == ROW["title"]
    assert way.reports == ["publish/reports/new.yml:1"]
    assert [place.split(":")[0] for place in way.rule] == [f"dbt_project/{RULES}"]
    assert "ingest/feeds/ssd_cin_assessments.yml" in way.feeds
    assert f"'{NEW}'" in way.drill


def test_an_example_that_the_rule_contradicts_fails(root, council):
    """The worked example is no ornament: with the rule turned round it stops the work."""
    project = root / "dbt_project"
    add_the_indicator(project)
    build_module.build("barnet", AS_AT)
    text = (project / RULES).read_text(encoding="utf-8")
    (project / RULES).write_text(text.replace(RULE, RULE.replace("<=", "<")), encoding="utf-8")
    with pytest.raises(RuntimeError, match=EXAMPLE_NAME):
        examples.load(["int_assessment__observations"])
