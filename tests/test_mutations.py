"""Damaged files of every format, one after another into one warehouse: read or refused, nothing lost, no value shown.

`SIGHTLINE_MUTATIONS` says how many of each format; a file that breaks a promise is made again by its number.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from contextlib import ExitStack

import pytest
from ingest_sample import COUNCIL, ask
from mutations import AS_AT, CANARY, FORMATS, PLACED, check_only, in_time, mutant

from ingest.gather import Job
from ingest.loader import Loader
from ingest.spec import load_specs
from sightline import warehouse

COUNT = int(os.environ.get("SIGHTLINE_MUTATIONS", "100"))
SECONDS = 120
KEPT = ("rows_inserted", "rows_unchanged", "rows_rejected", "rows_duplicate")


def breaches(result, name: str, suffix: str) -> list[str]:
    """Say which promises a result breaks."""
    wrong = []
    if result.state not in ("loaded", "unchanged", "held", "refused"):
        wrong.append(f"state {result.state}")
    if result.rows_read != sum(getattr(result, kept) for kept in KEPT):
        wrong.append("rows are lost")
    if result.error and not result.error.startswith(name):
        wrong.append("the file is not named")
    if result.rule in PLACED and suffix == ".csv" and ", row " not in result.error:
        wrong.append(f"{result.rule} without a row")
    if CANARY in result.model_dump_json(exclude={"sha256"}).casefold():
        wrong.append("a value is shown")
    return wrong


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_files_are_read_or_refused(db, tmp_path, name):
    """Every row is loaded, unchanged, set aside or a duplicate; every refusal and fault has its place."""
    states, broken = Counter(), []
    with warehouse.connect(autocommit=True) as connection, ExitStack() as stack:
        feeds = frozenset(load_specs())
        loader = Loader(connection, COUNCIL, AS_AT, feeds, landing=tmp_path / "landing", dry_run=False, stack=stack)
        for number in range(COUNT):
            folder = tmp_path / str(number)
            folder.mkdir()
            mutated = mutant(name, number, folder)
            with in_time(SECONDS):
                results = list(loader.deliver(Job(mutated.path)))
            states.update(result.state for result in results)
            broken += [
                (number, mutated.done, result.feed, wrong)
                for result in results
                for wrong in breaches(result, mutated.path.name, mutated.path.suffix)
            ]
            assert results, (number, mutated.done)
    assert not broken
    assert_places()
    assert_nothing_is_shown()
    assert states["loaded"] and states["refused"]


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_files_are_read_to_the_last_row(tmp_path, name):
    """As many rows come out of the reader as stand in the file, counted anew where that can be done."""
    broken = []
    for number in range(COUNT):
        folder = tmp_path / str(number)
        folder.mkdir()
        mutated = mutant(name, number, folder)
        with in_time(SECONDS):
            _, wrong = check_only(mutated)
        shutil.rmtree(folder)
        broken += [(number, mutated.done, wrong)] if wrong else []
    assert not broken


def assert_places() -> None:
    """Each rejected row has its file, row, column, rule and reason; as many stand there as were counted."""
    lacking = "select delivery_id, row_no from ops.rejected_row where row_no < 1 or '' in (column_name, rule, reason)"
    assert ask(lacking) == []
    uneven = """
        select d.delivery_id from ops.delivery as d where d.state = 'loaded' and d.rows_rejected <> (
            select count(*) from ops.rejected_row as r where r.delivery_id = d.delivery_id
        )
    """
    assert ask(uneven) == []
    assert ask("select * from ops.delivery where state = 'failed'") == []


def assert_nothing_is_shown() -> None:
    """No text of a person is in the ledger, but in the keys of records."""
    texts = {
        "ops.delivery": "concat_ws('|', error, notes, rule, sheet)",
        "ops.rejected_row": "concat_ws('|', column_name, rule, reason, further_faults::text, sheet)",
        "ops.warning": "concat_ws('|', column_name, rule, reason, sheet)",
    }
    for table, text in texts.items():
        assert ask(f"select delivery_id from {table} where {text} ilike %s", f"%{CANARY}%") == [], table
