"""Airflow's own components as processes of this machine: settings, start, health, stop, and its API."""

from __future__ import annotations

import base64
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from sightline import warehouse
from sightline.postgres import free_port
from sightline.settings import ROOT, settings

COMPONENTS = ("scheduler", "dag-processor", "api-server", "triggerer")
USER = "sightline"
SECRETS_MADE = ("fernet_key", "jwt_secret", "secret_key", "password")


class AirflowError(RuntimeError):
    """Airflow did not start or a run did not end well; the message says where to look."""


def _secrets() -> dict[str, str]:
    """Return Airflow's secrets of this SIGHTLINE_HOME, made once and readable by its owner only."""
    path = settings().airflow_home / "secrets.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = {name: secrets.token_hex(32) for name in SECRETS_MADE}
        made["fernet_key"] = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        made["password"] = secrets.token_urlsafe(12)
        path.touch(mode=0o600)
        path.write_text(json.dumps(made))
    return json.loads(path.read_text())


def environment(port: int, log_ports: tuple[int, int]) -> dict[str, str]:
    """Return the environment of Airflow's components: everything on the loopback address."""
    home, known = settings().airflow_home, _secrets()
    database = urlunsplit(urlsplit(warehouse.create_database("airflow"))._replace(scheme="postgresql+psycopg2"))
    passwords = home / "passwords.json"
    passwords.touch(mode=0o600)
    passwords.write_text(json.dumps({USER: known["password"]}))
    options = {
        "CORE__DAGS_FOLDER": ROOT / "dags",
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": "3",
        "CORE__DEFAULT_TIMEZONE": "Europe/London",
        "CORE__FERNET_KEY": known["fernet_key"],
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": passwords,
        "DATABASE__SQL_ALCHEMY_CONN": database,
        "API__HOST": "127.0.0.1",
        "API__PORT": str(port),
        "API__BASE_URL": f"http://127.0.0.1:{port}",
        "API__WORKERS": "1",
        "API__SECRET_KEY": known["secret_key"],
        "API_AUTH__JWT_SECRET": known["jwt_secret"],
        "DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "DAG_PROCESSOR__PARSING_PROCESSES": "2",
        "LOGGING__BASE_LOG_FOLDER": home / "logs",
        "LOGGING__WORKER_LOG_SERVER_PORT": str(log_ports[0]),
        "LOGGING__TRIGGER_LOG_SERVER_PORT": str(log_ports[1]),
        "SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
        "SCHEDULER__USE_JOB_SCHEDULE": "True",
    }
    found = {f"AIRFLOW__{name}": str(value) for name, value in options.items()}
    return {
        **os.environ,
        **found,
        "AIRFLOW_HOME": str(home),
        "SIGHTLINE_HOME": str(settings().home),
        "PYTHONPATH": str(ROOT),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }


@dataclass
class Airflow:
    """Airflow's components and its REST API on a free port of this machine."""

    port: int
    environment: dict[str, str]
    processes: dict[str, int] = field(default_factory=dict)
    _token: str = ""

    @classmethod
    def prepare(cls) -> Airflow:
        """Choose ports, make the metadata database and bring its tables up to date."""
        port = free_port()
        airflow = cls(port, environment(port, (free_port(), free_port())))
        done = subprocess.run(
            [sys.executable, "-m", "airflow", "db", "migrate"], env=airflow.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise AirflowError(f"'airflow db migrate' failed: {done.stderr[-500:]}")
        return airflow

    @property
    def url(self) -> str:
        """Address of Airflow's page."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        """Password of the user `sightline`."""
        return _secrets()["password"]

    def start(self) -> None:
        """Start the components, each in a process group of its own, its output in a file."""
        logs = settings().airflow_home / "services"
        logs.mkdir(parents=True, exist_ok=True)
        for component in COMPONENTS:
            with (logs / f"{component}.log").open("ab") as output:
                process = subprocess.Popen(
                    [sys.executable, "-m", "airflow", component],
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    cwd=ROOT,
                )
            self.processes[component] = process.pid
        state = {"port": self.port, "processes": self.processes}
        state_file().write_text(json.dumps(state))

    def wait_until_healthy(self, seconds: int = 120) -> None:
        """Wait until the API answers and every component reports healthy.

        Raises:
            AirflowError: a component is not healthy in time.
        """
        last = "no answer"
        for _ in range(seconds * 4):
            try:
                health = self._request("GET", "/api/v2/monitor/health", token=False)
                last = ", ".join(f"{name} {part['status']}" for name, part in sorted(health.items()))
                if all(part["status"] == "healthy" for part in health.values()):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass
            time.sleep(0.25)
        raise AirflowError(f"Airflow is not healthy ({last}); see {settings().airflow_home / 'services'}")

    def stop(self) -> None:
        """Stop the components and everything they started."""
        for signal_number, wait in ((signal.SIGTERM, 20.0), (signal.SIGKILL, 5.0)):
            for group in self.processes.values():
                _signal_group(group, signal_number)
            deadline = time.monotonic() + wait
            while time.monotonic() < deadline and any(_is_alive(group) for group in self.processes.values()):
                time.sleep(0.1)
        state_file().unlink(missing_ok=True)

    def _request(self, method: str, path: str, body: dict | None = None, *, token: bool = True) -> dict:
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {self._login()}"
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"{}")

    def _login(self) -> str:
        if not self._token:
            body = {"username": USER, "password": self.password}
            self._token = self._request("POST", "/auth/token", body, token=False)["access_token"]
        return self._token

    def wait_for_dags(self, wanted: set[str], seconds: int = 90) -> None:
        """Wait until the DAG processor has read every wanted DAG.

        Raises:
            AirflowError: a DAG is missing, with the import errors' files.
        """
        for _ in range(seconds * 2):
            found = {dag["dag_id"] for dag in self._request("GET", "/api/v2/dags?limit=200")["dags"]}
            if wanted <= found:
                return
            errors = self._request("GET", "/api/v2/importErrors")["import_errors"]
            if errors:
                break
            time.sleep(0.5)
        files = ", ".join(sorted({error["filename"] for error in errors})) or "no import error is reported"
        raise AirflowError(f"DAGs are missing: {', '.join(sorted(wanted - found))} ({files})")

    def unpause(self, dag_id: str) -> None:
        """Let the scheduler run a DAG."""
        self._request("PATCH", f"/api/v2/dags/{dag_id}?update_mask=is_paused", {"is_paused": False})

    def trigger(self, dag_id: str, conf: dict) -> str:
        """Start a run of a DAG and return its id."""
        return self._request("POST", f"/api/v2/dags/{dag_id}/dagRuns", {"logical_date": None, "conf": conf})[
            "dag_run_id"
        ]

    def runs(self, dag_id: str) -> list[dict]:
        """Return the DAG's runs, newest first."""
        return self._request("GET", f"/api/v2/dags/{dag_id}/dagRuns?order_by=-run_after&limit=20")["dag_runs"]

    def wait_for(self, dag_id: str, run_id: str, seconds: int = 900) -> str:
        """Wait for the end of a run and return its state.

        Raises:
            AirflowError: the run failed, with its failed tasks, or did not end in time.
        """
        for _ in range(seconds * 2):
            state = self._request("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}")["state"]
            if state == "success":
                return state
            if state == "failed":
                raise AirflowError(f"{dag_id} failed: {self._failed_tasks(dag_id, run_id)}")
            time.sleep(0.5)
        raise AirflowError(f"{dag_id} did not end within {seconds} seconds")

    def _failed_tasks(self, dag_id: str, run_id: str) -> str:
        tasks = self.tasks(dag_id, run_id)
        failed = [task["task_id"] for task in tasks if task["state"] in ("failed", "upstream_failed")]
        return f"{', '.join(failed)}; logs are under {settings().airflow_home / 'logs'}"

    def tasks(self, dag_id: str, run_id: str) -> list[dict]:
        """Return the run's task instances."""
        return self._request("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances")["task_instances"]

    def result_of(self, dag_id: str, run_id: str, task_id: str) -> object:
        """Return what a task handed on (counts and names, never a person's data)."""
        path = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries/return_value"
        try:
            value = self._request("GET", path)["value"]
        except urllib.error.HTTPError:
            return None
        return json.loads(value) if isinstance(value, str) else value


def state_file() -> Path:
    """The file that names the running components."""
    return settings().airflow_home / "services.json"


def running() -> Airflow | None:
    """Return the components that `make up` left running, if they still are."""
    try:
        state = json.loads(state_file().read_text())
    except (FileNotFoundError, ValueError):
        return None
    if not any(_is_alive(group) for group in state["processes"].values()):
        return None
    return Airflow(state["port"], {}, state["processes"])


@contextmanager
def started() -> Iterator[Airflow]:
    """Run Airflow for the time of the block and leave no process behind."""
    airflow = Airflow.prepare()
    try:
        airflow.start()
        airflow.wait_until_healthy()
        yield airflow
    finally:
        airflow.stop()


def _signal_group(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return


def _is_alive(group: int) -> bool:
    """Return whether any process of the group lives; a child that has ended is reaped on the way."""
    with suppress(ChildProcessError):
        os.waitpid(-group, os.WNOHANG)
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
