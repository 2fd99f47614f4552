"""The mutation test of the rule lines: what it changes, what it catches, and a sample of it on every run.

`MUTANTS` in the environment makes the sample larger; `make nightly` tries every mutant (`python -m bench.mutation`).
"""

from __future__ import annotations

import os
import random
import re

import pytest

from bench import examples, mutation, survivors
from bench.mutants import Mutant, find_rows, mutants
from sightline.build import PROJECT

MUTANTS = int(os.environ.get("MUTANTS", "150"))
MODEL = """-- A rule: ('ASM-98', 1) is no row.
select rule.*
from {{ ref('int_case') }} as a
cross join lateral (
    values
    ('ASM-01', 1),
    ('ASM-02', (a.done_on <= a.due_on and not a.is_void)::int),
    ('ASM-03', case when a.kind in ('x', 'y') then {{ working_days('a.begun_on', 'a.done_on') }} end)
) as rule (indicator_id, numerator)
where a.done_on >= {{ add_months('a.begun_on', 6) }}
"""
DAYS = {"int_case": ["begun_on", "done_on", "due_on"]}


def changes(rule: str) -> set[str]:
    """What was done to a rule, without the text before it."""
    found = [one.change for one in mutants("model", MODEL, DAYS) if one.rule == rule]
    return {match[1].strip() if (match := re.search(r"\[(.*)\]$", change)) else change for change in found}


def test_rows_are_found_and_comments_are_none():
    assert [row.rule for row in find_rows(MODEL)] == ["ASM-01", "ASM-02", "ASM-03"]


def test_every_kind_of_slip_is_made():
    assert changes("ASM-01") == {"the line removed", "1 → 2"}
    assert changes("ASM-02") == {
        *("the line removed", "<= → <", "and → or", "not →"),
        *("done_on → due_on", "due_on → begun_on"),
    }
    assert {"'x', →", "{{ working_days('a.begun_on', 'a.done_on') }} → (a.done_on - a.begun_on)"} <= changes("ASM-03")
    assert any(change.startswith("a.kind in ('x', 'y') → not coalesce(") for change in changes("ASM-03"))
    assert {">= → >", "6 → 7"} <= changes("model")


def test_a_removed_line_leaves_the_others():
    removed = {one.rule: one.code for one in mutants("model", MODEL, DAYS) if one.change == "the line removed"}
    for rule, code in removed.items():
        assert [row.rule for row in find_rows(code)] == [name for name in removed if name != rule]


def test_each_mutant_differs_from_its_model_and_from_the_others():
    codes = [one.code for path in mutation.rule_models() for one in mutants(path.stem, path.read_text())]
    assert len(codes) > 1500
    originals = {path.read_text() for path in mutation.rule_models()}
    assert not originals & set(codes)
    assert len(set(codes)) == len(codes)


def test_every_computed_indicator_has_a_rule_line_that_is_mutated():
    import csv

    removed = {
        one.rule
        for path in mutation.rule_models()
        for one in mutants(path.stem, path.read_text())
        if one.change == "the line removed"
    }
    with (PROJECT / "seeds" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        computed = [row for row in csv.DictReader(file) if row["status"] == "computed"]
    assert [row["indicator_id"] for row in computed if not row["made_of"] and row["indicator_id"] not in removed] == []


def test_a_sample_of_all_mutants_is_caught(on_built):
    """At least 95%, and each of the rest has its reason in bench/survivors.yml."""
    made = mutation.all_mutants()
    chosen = random.Random(f"{len(made)} mutants").sample(made, min(MUTANTS, len(made)))
    outcomes = mutation.attempt(sorted(chosen, key=lambda one: one.label))
    assert survivors.unexplained(outcomes) == []
    assert survivors.is_well(outcomes), "\n".join(survivors.summary(outcomes))


def test_what_changes_nothing_survives(on_built):
    """The test can fail: a mutant that is the model itself is not caught."""
    path = next(path for path in mutation.rule_models() if path.stem == "int_assessment__observations")
    same = Mutant(path.stem, "ASM-01", 1, "nothing", path.read_text())
    assert [state for _, state in mutation.attempt([same])] == ["survived"]
    assert survivors.unexplained([(same, "survived")]) == [same.label]


def test_examples_are_rendered_as_dbt_renders_them(on_built):
    """Our rendering of a model on an example's inputs gives the rows that the example expects of dbt's."""
    found = {one.name: one for one in examples.load(["int_assessment__observations"])}
    example = found["asm_05_open_past_the_limit"]
    code = (PROJECT / "models" / "intermediate" / "int_assessment__observations.sql").read_text()
    with on_built.connect() as connection:
        rows = example.rows(connection, code)
    assert sum(rows.values()) > 1
    assert any("ASM-05" in row for row in rows)


@pytest.mark.parametrize(
    "outcome, is_well", [([("caught", 95), ("survived", 5)], False), ([("caught", 94), ("invalid", 6)], True)]
)
def test_what_cannot_run_counts_nowhere_and_survivors_need_a_reason(outcome, is_well):
    mutant = Mutant("no_model", "ASM-01", 1, "a change", "select 1")
    outcomes = [(mutant, state) for state, times in outcome for _ in range(times)]
    assert survivors.is_well(outcomes) == is_well
