"""The benchmark's shape and counts. Its times are for people: no test depends on how busy a machine is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.peers import COPIES, many_children
from bench.table import judged

ROWS = 2000
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> tuple[dict, str]:
    """The results and the table of a small loading benchmark, run as `make bench` runs it."""
    out = tmp_path_factory.mktemp("bench") / "made" / "results.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIGHTLINE_")}
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--only", "loading", "--rows", str(ROWS), "--json", str(out)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(out.read_text()), done.stdout


def test_results_say_what_was_measured_and_how_busy_the_machine_was(run):
    results, table = run
    assert set(results) == {"cores", "python", "load_before", "load_after", "loading"}
    assert len(results["load_before"]) == len(results["load_after"]) == 3
    formats = ("csv", "parquet", "xlsx", "xml")
    assert [(size["format"], size["rows"]) for size in results["loading"]] == [(one, ROWS) for one in formats]
    assert "raw COPY" in table and "ingest, all checks" in table


def test_every_way_of_loading_is_measured(run):
    ratios = {
        "rate_of_copy",
        "memory_of_copy",
        "second_seconds_of_first",
        "second_cpu_of_first",
        "second_rows_written_of_first",
        "same_bytes_seconds_of_first",
    }
    for size in run[0]["loading"]:
        by_pandas = {"rate_of_pandas", "memory_of_pandas"} if size["format"] == "csv" else set()
        for way in ("copy", "ingest", "second_snapshot", "same_bytes", *(["pandas"] if by_pandas else [])):
            assert size[way]["seconds"] > 0 and size[way]["rows_per_second"] > 0 and size[way]["peak_mb"] > 0
        assert set(size["ratios"]) == ratios | by_pandas


def test_the_peers_hold_the_same_rows_and_no_row_is_lost(run):
    for size in run[0]["loading"]:
        assert {size[way]["rows"] for way in ("copy", "pandas") if way in size} == {ROWS}
        assert size["in_force"] == ROWS
        for way in ("ingest", "second_snapshot"):
            found = size[way]
            assert found["state"] == "loaded"
            parts = ("rows_inserted", "rows_unchanged", "rows_rejected", "rows_duplicate")
            assert found["rows_read"] == ROWS == sum(found[part] for part in parts)
            assert found["rows_rejected"] == found["rows_duplicate"] == 0


def test_a_second_snapshot_writes_the_changed_rows_alone(run):
    for size in run[0]["loading"]:
        second = size["second_snapshot"]
        assert size["changed"] == ROWS // 100
        assert second["rows_inserted"] == second["rows_closed"] == size["changed"]
        assert second["rows_unchanged"] == ROWS - size["changed"]
        assert size["stored"] == ROWS + size["changed"]
        assert (size["same_bytes"]["state"], size["same_bytes"]["rows_inserted"]) == ("unchanged", 0)


@pytest.mark.parametrize(
    ("name", "limit", "said"),
    [
        ("peak_mb", 290, "limit of both snapshots: 290 MiB, kept: 290"),
        ("peak_mb", 289, "limit of both snapshots: 289 MiB, BROKEN: 290"),
        ("rate_of_copy", 0.5, "limit of ingest: 0.5 of COPY's rate, kept: 0.5"),
        ("rate_of_copy", 0.51, "limit of ingest: 0.51 of COPY's rate, BROKEN: 0.5"),
        ("seconds", 6.9, "limit of ingest: 6.9 seconds, BROKEN: 7"),
    ],
)
def test_a_limit_is_judged(name, limit, said):
    """Memory by the larger of both snapshots."""
    first, second = {"peak_mb": 250, "seconds": 7}, {"peak_mb": 290, "seconds": 8}
    size = {"ingest": first, "second_snapshot": second, "ratios": {"rate_of_copy": 0.5}}
    assert judged(size, name, limit) == said


def test_a_measured_task_does_not_pay_for_what_writes_its_files():
    """Its peak of memory is to be that of the loading alone."""
    heavy = "{'pyarrow', 'xlsxwriter', 'pandas'}"
    found = subprocess.run(
        [sys.executable, "-c", f"import sys, bench.tasks, ingest.load; print(sorted({heavy} & sys.modules.keys()))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"


def test_a_census_copied_many_times_has_new_identifiers(tmp_path):
    sample = tmp_path / "sample" / "census.xml"
    sample.parent.mkdir()
    child = "<Child><LAchildID>C{0}</LAchildID><UPN>A00000000000{0}</UPN></Child>"
    sample.write_text(f"<Message><Children>\n{child.format(1)}\n{child.format(5)}\n</Children></Message>")
    text = many_children(sample, tmp_path).read_text()
    children = re.findall("<LAchildID>(.*?)<", text)
    assert len(children) == len(set(children)) == 2 * COPIES
    assert text.startswith("<Message><Children>") and text.endswith("</Children></Message>")
