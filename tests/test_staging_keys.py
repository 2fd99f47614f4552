"""The keys of staging models are those of their feeds, which a unique index of `raw` holds: builds need not ask."""

from __future__ import annotations

import re

import psycopg
import pytest
import yaml

from ingest.council import specs_of
from sightline.build import HELD_BY_INDEX, PROJECT

STAGING = PROJECT / "models" / "staging"
KEYS = {selector.rpartition(":")[2] for selector in HELD_BY_INDEX}
SPECS = specs_of("barnet")
FEED = re.compile(r"source\('raw', '(\w+)'\)")
COLUMN = re.compile(r'(?:\w+\.)?"?(\w+)"?(?: as (\w+))?')


def keys_of(model: dict) -> list[list[str]]:
    """The columns of each test of a model's key."""
    named = [test for test in model.get("data_tests", []) if isinstance(test, dict)]
    found = [test[name]["arguments"]["columns"] for test in named for name in KEYS & test.keys()]
    return found + [[one["name"]] for one in model.get("columns", []) if KEYS & set(one.get("data_tests", []))]


def with_keys() -> dict[str, list[str]]:
    """Staging models of feeds, with the columns of their key."""
    texts = (yaml.safe_load(path.read_text()) for path in sorted(STAGING.glob("*.yml")))
    models = [model for text in texts for model in text.get("models", [])]
    found = {model["name"]: keys for model in models if (keys := keys_of(model))}
    assert {len(keys) for keys in found.values()} == {1}
    return {name: keys[0] for name, keys in found.items()}


MODELS = with_keys()


@pytest.mark.parametrize("name", MODELS)
def test_a_staging_model_has_its_feeds_key(name):
    text = (STAGING / f"{name}.sql").read_text()
    (feed,) = FEED.findall(text)
    lines = (line.strip().rstrip(",") for line in text.splitlines())
    columns = {found[2] or found[1]: found[1] for line in lines if (found := COLUMN.fullmatch(line))}
    spec = SPECS[feed]
    assert sorted(columns[column] for column in MODELS[name]) == sorted(spec.key)
    if len(spec.key) == 1:
        assert all(spec.is_required(column) for column in spec.columns if column.name in spec.key)


def test_an_index_holds_every_feeds_key(db):
    with psycopg.connect(db) as connection:
        held = {
            table
            for (table,) in connection.execute(
                "select tablename from pg_indexes where schemaname = 'raw' and indexdef like 'CREATE UNIQUE INDEX%'"
                " and indexdef like '%(row_key, council) WHERE (closed_by IS NULL)'"
            )
        }
    assert held >= SPECS.keys()
