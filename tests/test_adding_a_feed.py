"""A feed is added by one specification, one sample and one staging model: shown in a copy of the project's folders."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ingest_sample import ask

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("ingest", "sightline", "councils", "dbt_project")
FEED = "kinship_visit"
SPEC = f"""
feed: {FEED}
title: Visits to kinship carers
group: case_management
cadence: daily
owner: kinship team
retention_years: 75
source: an export of the kinship team, invented for this test
files: [{FEED}*.csv]
key: [visit_id]
order: [[planned_on, visited_on]]
columns:
  - {{name: visit_id, type: id}}
  - {{name: child_id, type: id, pseudonym: child, required: true}}
  - {{name: planned_on, type: date}}
  - {{name: visited_on, type: date, past: true}}
  - {{name: outcome, codes: [seen, not_seen]}}
  - {{name: notes, private: true}}
"""
SAMPLE = """visit_id,child_id,planned_on,visited_on,outcome,notes
V1,00012,2026-01-05,2026-01-06,seen,made-up words
V2,00013,2026-01-05,2026-01-04,seen,
V3,00012,2026-02-05,,,
"""
MODEL = f"""select
    visit_id,
    child_id as child_key,
    planned_on,
    visited_on,
    outcome,
    {{{{ origin('{FEED}') }}}}
from {{{{ source('raw', '{FEED}') }}}}
where {{{{ in_force() }}}}
"""
PROPERTIES = f"""version: 2
sources:
  - name: raw
    schema: raw
    tables:
      - name: {FEED}
models:
  - name: stg_{FEED}
    description: Visits to kinship carers.
    columns:
      - name: visit_id
        data_tests: [key]
"""
RUN = """
import json, sys
from datetime import date
from ingest.load import ingest
from sightline.build import dbt_arguments, set_dbt_environment
as_at = date(2026, 3, 31)
results = ingest([sys.argv[1]], "barnet", as_at)
set_dbt_environment("feed_added", as_at)
from dbt.cli.main import dbtRunner
outcome = dbtRunner().invoke([*dbt_arguments("build", "barnet"), "--select", sys.argv[2]])
built = {result.node.name: str(result.status) for result in outcome.result.results}
print(json.dumps({"results": [result.as_json() for result in results], "built": built}))
"""


def test_one_specification_one_sample_and_one_staging_model(db, tmp_path):
    """Rows are checked, hidden and set aside as of any feed, and stand in staging; no other file was touched."""
    copy = tmp_path / "copy"
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "target", "logs"))
    staging = copy / "dbt_project" / "models" / "staging"
    (copy / "ingest" / "feeds" / f"{FEED}.yml").write_text(SPEC)
    (staging / f"stg_{FEED}.sql").write_text(MODEL)
    (staging / f"stg_{FEED}.yml").write_text(PROPERTIES)
    sample = tmp_path / f"{FEED}.csv"
    sample.write_text(SAMPLE)
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(sample), f"stg_{FEED}"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    (result,) = told["results"]
    assert (result["feed"], result["rows_inserted"], result["rows_rejected"]) == (FEED, 2, 1)
    assert told["built"][f"stg_{FEED}"] == "success"
    assert sorted(status for name, status in told["built"].items() if name != f"stg_{FEED}") == ["pass"]
    rows = ask(f"select visit_id, length(child_key), outcome from feed_added_staging.stg_{FEED} order by 1")
    assert rows == [("V1", 32, "seen"), ("V3", 32, None)]
    assert ask(f"select notes from identity.{FEED} where notes is not null") == [("made-up words",)]
    assert ask("select row_no, column_name, rule from ops.rejected_row") == [(3, "visited_on", "order")]
