"""The dbt unit tests of some models, compiled once by dbt, so that a changed model is tried on them in milliseconds.

dbt compiles a unit test to the rows of its inputs and the model's SQL on them. Here the SQL of a changed model takes
the model's place. An example that passed with the model fails with the change where the rows it looks at differ.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
import psycopg
from psycopg import sql

from bench.mutants import closing
from sightline.build import PROJECT, dbt_arguments, set_dbt_environment

COUNCIL, AS_AT = "barnet", date(2026, 9, 30)
VARIABLES = {"council": COUNCIL, "as_at": AS_AT.isoformat(), "years_back": "5"}
"""As in a run, and in dbt_project.yml."""

INPUT = "__dbt__cte__"
INPUT_START = re.compile(rf"{INPUT}\w+ as \(")
WITH = re.compile(r"\A(?:\s|--[^\n]*\n)*with\b", re.IGNORECASE)
STANDING_SCHEMAS = "{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name }}{% endmacro %}"
"""In a copy of the project, for it to read the standing schemas in place of those of a build."""


class Renderer:
    """Renders models as dbt does, with the project's macros; `relation` says what stands for a model or source."""

    def __init__(self, variables: Mapping[str, str], relation: Mapping[str, str]) -> None:
        """`relation` is the SQL name of each model, seed or source by its name."""
        self.environment = jinja2.Environment(undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"])
        self.environment.globals |= {
            "ref": lambda name: relation[name],
            "source": lambda _source, name: relation[name],
            "var": lambda name, default=None: variables.get(name, default),
            "dbt_metadata_envs": {},
        }
        macros = "\n".join(path.read_text() for path in sorted((PROJECT / "macros").glob("*.sql")))
        exported = self.environment.from_string(macros).module
        self.environment.globals |= {name: value for name, value in vars(exported).items() if not name.startswith("_")}

    def __call__(self, code: str) -> str:
        """Return the SQL of a model's code."""
        return self.environment.from_string(code).render().strip()


@dataclass(frozen=True)
class Example:
    """A unit test that its model passes: its inputs as SQL, how models are rendered for it, the columns it looks at."""

    name: str
    model: str
    inputs: str
    render: Renderer
    columns: tuple[str, ...]

    def rows(self, connection: psycopg.Connection, code: str) -> Counter:
        """Return the rows that a model's code gives on the inputs, in the columns looked at, with how often each.

        Raises:
            psycopg.Error: the code cannot run.
        """
        body = self.render(code)
        query, is_with = WITH.subn(lambda match: f"{match[0]} {self.inputs},", body, count=1)
        if not is_with:
            query = f"with {self.inputs}\n{body}"
        if self.columns:
            names = sql.SQL(", ").join(map(sql.Identifier, self.columns))
            statement = sql.SQL("select {} from ({}) as actual").format(names, sql.SQL(query))
        else:
            statement = sql.SQL(query)
        return Counter(map(repr, connection.execute(statement).fetchall()))


def load(models: Sequence[str]) -> list[Example]:
    """Run the unit tests of some models with dbt on the standing warehouse and return them.

    Raises:
        RuntimeError: dbt could not start, or a test fails already.
    """
    with tempfile.TemporaryDirectory(prefix="sightline-mutation-") as folder:
        project = Path(folder) / "dbt_project"
        shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs", ".user.yml"))
        (project / "macros" / "generate_schema_name.sql").write_text(STANDING_SCHEMAS)
        results = _run(project, [f"{model},test_type:unit" for model in models])
    failed = [result.node.name for result in results if str(result.status) != "pass"]
    if failed:
        raise RuntimeError(f"these unit tests fail already: {', '.join(failed)}")
    return [_example(result.node) for result in results]


def _run(project: Path, selected: Sequence[str]) -> list:
    from dbt.cli.main import dbtRunner

    set_dbt_environment("standing", AS_AT)
    places = {"--project-dir": project, "--profiles-dir": project, "--target-path": project / "target"}
    arguments = [word for name, folder in places.items() for word in (name, str(folder))]
    try:
        outcome = dbtRunner().invoke([*dbt_arguments("test", COUNCIL), *arguments, "--select", *selected])
    finally:
        del os.environ["PGOPTIONS"]
    if outcome.result is None:
        raise RuntimeError(f"dbt could not start: {outcome.exception}")
    return outcome.result.results


def _example(node: Any) -> Example:
    compiled = node.compiled_code
    starts = [match.start() for match in INPUT_START.finditer(compiled)]
    inputs = [compiled[start : closing(compiled, compiled.index("(", start))] for start in starts]
    relation = {name: INPUT + name for name in re.findall(rf"{INPUT}(\w+) as \(", compiled)}
    relation |= {name.partition("__")[2]: where for name, where in relation.items() if "__" in name}
    given = node.overrides.vars if node.overrides else {}
    expected = node.config.expected_rows
    return Example(
        name=node.name,
        model=node.tested_node_unique_id.rpartition(".")[2],
        inputs=",\n".join(inputs),
        render=Renderer(VARIABLES | {name: str(value) for name, value in given.items()}, relation),
        columns=tuple(expected[0]) if expected else (),
    )
