"""Each case of docs/trust.md is shown by tests that exist; what is handled otherwise has its reason in decisions.md."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
DOCS = TESTS.parent / "docs"
ROWS = range(1, 77)
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


@cache
def matrix() -> dict[int, tuple[str, list[tuple[str, str]]]]:
    """Row -> what happens, and the tests that are named."""
    rows = ROW.findall((DOCS / "trust.md").read_text(encoding="utf-8"))
    return {int(number): (what, NAMED.findall(tests)) for number, _, what, tests in rows}


@cache
def names_in(name: str) -> set[str]:
    """The names of a file's tests."""
    tree = ast.parse((TESTS / name).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_row_is_there_once():
    assert list(matrix()) == list(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_a_row_names_tests_that_exist(row):
    """A test that is renamed or taken away takes its row with it."""
    what, tests = matrix()[row]
    assert tests, "no test is named"
    for name, test in tests:
        assert test in names_in(name), f"{name} has no {test}"
    if "see decisions" in what:
        assert re.search(rf"^- Row {row}: ", (DOCS / "decisions.md").read_text(encoding="utf-8"), re.MULTILINE)
