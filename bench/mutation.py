"""`python -m bench.mutation`: does some test fail when a rule line is removed or altered?

A mutant of a rule line (`bench/mutants.py`) is caught when a unit test of its model fails. Those that no example
catches are tried on a made-up council: where a sum of a team and period differs, the independent computation
(`tests/test_independent.py`), which the true rule equals, catches it. A change that cannot run counts nowhere.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psycopg

from bench import examples, survivors
from bench.__main__ import home, say
from bench.examples import AS_AT, COUNCIL, Example
from bench.figures import Figures
from bench.mutants import Mutant, mutants
from sightline import warehouse
from sightline.build import PROJECT, build

CHILDREN, YEARS, SEED = 600, 5, 7
"""The council of tests/conftest.py, whose figures equal the independent ones."""

RULES = ("int_*__observations.sql", "int_*__duties.sql")
PATIENCE = "set statement_timeout = '20s'"
"""A changed join can give every pair of rows: what does not end says nothing."""

DAYS = """
select table_name, array_agg(column_name::text order by column_name)
from information_schema.columns
where table_schema in ('staging', 'intermediate') and data_type = 'date' group by 1
"""


def main(arguments: list[str] | None = None) -> int:
    """Try every mutant; write the table. Return 1 where fewer than 95% are caught or a survivor is not explained."""
    parser = argparse.ArgumentParser(prog="python -m bench.mutation", description=__doc__.splitlines()[0])
    parser.add_argument("--models", nargs="*", default=[], help="only models whose names hold one of these words")
    parser.add_argument("--children", type=int, default=CHILDREN, help="children of the made-up council")
    parser.add_argument("--json", type=Path, help="file for each mutant and what became of it")
    parser.add_argument("--write", action="store_true", help="write docs/mutation.md")
    parser.add_argument("--standing", action="store_true", help="on the warehouse that stands, as built")
    chosen = parser.parse_args(arguments)
    if chosen.standing:
        outcomes = attempt(all_mutants(chosen.models))
    else:
        with home():
            make_council(chosen.children)
            outcomes = attempt(all_mutants(chosen.models))
    if chosen.json:
        chosen.json.write_text(json.dumps([[one.label, state] for one, state in outcomes], indent=1) + "\n")
    if chosen.write:
        survivors.PAGE.write_text(survivors.page(outcomes))
    print("\n".join(survivors.summary(outcomes)))
    return 0 if survivors.is_well(outcomes) else 1


def make_council(children: int) -> None:
    """Ingest and build a made-up council in the warehouse of SIGHTLINE_HOME."""
    from ingest.load import ingest
    from synthetic import generate

    say(f"a made-up council of {children} children")
    with tempfile.TemporaryDirectory(prefix="sightline-mutation-") as folder:
        generate(Path(folder), COUNCIL, children, YEARS, SEED, AS_AT)
        ingest([Path(folder)], COUNCIL, AS_AT)
    build(COUNCIL, AS_AT)


def rule_models() -> list[Path]:
    """Return the models that hold rule lines, in order of name."""
    return sorted(path for pattern in RULES for path in (PROJECT / "models").rglob(pattern))


def all_mutants(words: Sequence[str] = ()) -> list[Mutant]:
    """Return the mutants of every model that holds rule lines, or of those whose names hold one of `words`."""
    with warehouse.connect() as connection:
        days = dict(connection.execute(DAYS).fetchall())
    models = [path for path in rule_models() if not words or any(word in path.stem for word in words)]
    return [mutant for path in models for mutant in mutants(path.stem, path.read_text(), days)]


def attempt(made: Sequence[Mutant]) -> list[tuple[Mutant, str]]:
    """Try mutants on the standing warehouse; return each with `caught`, `figures`, `survived` or `invalid`."""
    models = sorted({mutant.model for mutant in made})
    say(f"{len(made)} mutants of {len(models)} models")
    known = examples.load(models)
    with warehouse.connect(autocommit=True) as connection:
        connection.execute(PATIENCE)
        true = {one.name: one.rows(connection, _code(one.model)) for one in known}
        states = [_by_examples(connection, mutant, known, true) for mutant in made]
        say(f"{states.count('survived')} passed every example; their figures")
        figures = Figures(connection, AS_AT)
        of_model = {model: figures.of(_code(model)) for model in models}
        for number, mutant in enumerate(made):
            if states[number] == "survived" and _differs(figures, mutant, of_model[mutant.model]):
                states[number] = "figures"
    return list(zip(made, states, strict=True))


def _code(model: str) -> str:
    return next(path.read_text() for path in rule_models() if path.stem == model)


def _by_examples(connection: psycopg.Connection, mutant: Mutant, known: list[Example], true: dict) -> str:
    states = set()
    for example in known:
        if example.model == mutant.model:
            try:
                states.add("passed" if example.rows(connection, mutant.code) == true[example.name] else "failed")
            except psycopg.errors.QueryCanceled:
                states.add("passed")
            except psycopg.Error:
                return "invalid"
    return "caught" if "failed" in states else "survived"


def _differs(figures: Figures, mutant: Mutant, true: str) -> bool:
    try:
        return figures.of(mutant.code) != true
    except psycopg.Error:
        return False


if __name__ == "__main__":
    sys.exit(main())
