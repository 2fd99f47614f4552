"""The dbt unit tests of some models, compiled once by dbt, so that a changed model can be tried on them in milliseconds.

dbt compiles a unit test to the rows of its inputs and the model's SQL on them. Here the SQL of a changed model takes the
model's place. An example that passed with the model fails with the change where the rows it looks at differ.
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

from bench.mutants import closing
from sightline.build import PROJECT, dbt_arguments, dbt_environment

COUNCIL, AS_AT = "barnet", date(2026, 9, 30)
INPUT = "__dbt__cte__"
INPUT_START = re.compile(rf"{INPUT}\w+ as \(")
WITH = re.compile(r"\A(?:\s|--[^\n]*\n)*with\b", re.IGNORECASE)
STANDING_SCHEMAS = (
    "{% macro generate_schema_name(custom_schema_name, node) -%} {{ custom_schema_name }} {%- endmacro %}\n"
)
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
        }
        self.macros = "\n".join(path.read_text() for path in sorted((PROJECT / "macros").glob("*.sql")))

    def __call__(self, code: str) -> str:
        """Return the SQL of a model's code."""
        return self.environment.from_string(self.macros + "\n" + code).render().strip()


@dataclass(frozen=True)
class Example:
    """A unit test that its model passes: its inputs as SQL, its variables, the columns that it looks at."""

    name: str
    model: str
    inputs: str
    variables: Mapping[str, str]
    columns: tuple[str, ...]

    def rows(self, connection: psycopg.Connection, code: str) -> Counter:
        """Return the rows that a model's code gives on the inputs, in the columns looked at.

        Raises:
            psycopg.Error: the code cannot run.
        """
        relation = {name: INPUT + name for name in re.findall(rf"{INPUT}(\w+) as \(", self.inputs)}
        relation |= {name.partition("__")[2]: where for name, where in relation.items() if "__" in name}
        body = Renderer(self.variables, relation)(code)
        joined, is_with = WITH.subn(f"with {self.inputs},", body, count=1)
        query = joined if is_with else f"with {self.inputs}\n{body}"
        found = connection.execute(
            f"select {', '.join(self.columns)} from ({query}) as actual" if self.columns else query
        )
        return Counter(map(repr, found.fetchall()))


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

    os.environ.update(dbt_environment("standing"))
    places = {"--project-dir": project, "--profiles-dir": project, "--target-path": project / "target"}
    arguments = [word for name, folder in places.items() for word in (name, str(folder))]
    try:
        outcome = dbtRunner().invoke([*dbt_arguments("test", COUNCIL, AS_AT), *arguments, "--select", *selected])
    finally:
        del os.environ["PGOPTIONS"]
    if outcome.result is None:
        raise RuntimeError(f"dbt could not start: {outcome.exception}")
    return outcome.result.results


def _example(node: Any) -> Example:
    compiled = node.compiled_code
    starts = [match.start() for match in INPUT_START.finditer(compiled)]
    inputs = [compiled[start : closing(compiled, compiled.index("(", start))] for start in starts]
    variables = {"council": COUNCIL, "as_at": AS_AT.isoformat(), "years_back": "5"}
    given = node.overrides.vars if node.overrides else {}
    expected = node.config.expected_rows
    return Example(
        name=node.name,
        model=node.tested_node_unique_id.rpartition(".")[2],
        inputs=",\n".join(inputs),
        variables=variables | {name: str(value) for name, value in given.items()},
        columns=tuple(expected[0]) if expected else (),
    )
