"""Random histories: whatever council, seed, years and as-at date, every figure equals the independent computation.

`HISTORIES` and `HISTORY_CHILDREN` in the environment make it larger (`make nightly`). A history that differs is made
small: its message names the few made-up children with whom figures still differ.
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest
from histories import History, alike, children_of, differences, draw, keep, shrink
from test_independent import report

from sightline.build import BuildError

HISTORIES = int(os.environ.get("HISTORIES", "1"))
CHILDREN = int(os.environ.get("HISTORY_CHILDREN", "200"))


@pytest.mark.parametrize("number", range(HISTORIES))
def test_every_figure_of_a_random_history_equals_the_independent_one(number, migrated, tmp_path):
    history = draw(number, CHILDREN)
    folder = history.write(tmp_path / "whole")
    mismatches = differences(history, folder)
    assert not mismatches, _explain(history, folder, tmp_path, mismatches)


def _explain(history: History, folder: Path, scratch: Path, whole: list) -> str:
    """The figures that differ with the fewest children found, and these children's made-up ids."""
    found: dict[int, list] = {}

    def differs(children: list[str]) -> bool:
        try:
            part = keep(folder, children, scratch / f"part_{len(list(scratch.iterdir()))}")
            mismatches = alike(whole, differences(history, part))
        except BuildError:
            return False
        found[len(children)] = mismatches or found.get(len(children), [])
        return bool(mismatches)

    children = shrink(children_of(folder), differs)
    figures = report(found[len(children)]) if children and found.get(len(children)) else "only with every child"
    return f"{history}\nchildren with whom figures still differ: {', '.join(children[:20])}\n{figures}"


def test_histories_differ_and_one_number_gives_one():
    drawn = [draw(number, 100) for number in range(20)]
    assert drawn == [draw(number, 100) for number in range(20)]
    assert len(set(drawn)) == 20
    assert len({history.council for history in drawn}) > 1
    assert len({history.as_at for history in drawn}) > 15


@pytest.mark.parametrize("guilty", [{"c07"}, {"c03", "c29"}, {"c00", "c31", "c16"}])
def test_shrinking_finds_the_few_that_matter(guilty):
    asked = []

    def differs(children):
        asked.append(len(children))
        return guilty <= set(children)

    assert set(shrink([f"c{n:02d}" for n in range(32)], differs, most=200)) == guilty
    assert asked


def test_shrinking_stops_when_it_has_asked_enough():
    asked = []
    left = shrink([f"c{n}" for n in range(64)], lambda children: bool(asked.append(1)) or len(children) > 40, most=9)
    assert len(asked) <= 9
    assert len(left) > 40


def test_a_part_of_a_history_is_asked_for_the_same_differences():
    """With few children some feed is empty, so that its figures are not known: that is another difference."""
    month = ("council", "barnet", "all", "all", "month")
    whole = [(("HLT-01", *month), (2.0, 3.0, 66.7), (2.0, 2.0, 100.0))]
    same = (("HLT-01", *month), (0.0, 1.0, 0.0), (None, None, None))
    assert alike(whole, [(("HLT-01", *month), (0.0, 1.0, 0.0), (0.0, 2.0, 0.0))])
    assert alike(whole, [same, (("ADV-01", *month), (1.0, None, 1.0), (2.0, None, 2.0))]) == []
    assert alike([same], [same]) == [same]


def test_a_part_of_a_history_holds_its_children_alone_and_its_planted_faults(tmp_path):
    history = draw(1, 60)
    folder = history.write(tmp_path / "whole")
    kept = children_of(folder)[:20]
    part = keep(folder, kept, tmp_path / "part")
    assert children_of(part) == kept
    with (part / "ssd_contacts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert {row["cont_person_id"] for row in rows} - set(kept) <= {"FAULT-CHILD", ""}
    whole = {fault["fault_id"]: fault for fault in _faults(folder)}
    assert _faults(part)
    for fault in _faults(part):
        assert _row(part, fault) == _row(folder, whole[fault["fault_id"]]), fault["fault_id"]


def _faults(folder: Path) -> list[dict]:
    return json.loads((folder / "planted_faults.json").read_text())


def _row(folder: Path, fault: dict) -> list[str]:
    with (folder / fault["file"]).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[fault["row_no"] - 1]
