"""The forecasts' own process, beside that of the build: two processors have work, and no import is waited for.

The process begins with dbt, imports the library for time series meanwhile, and waits to be told what to forecast. It
writes `fct_forecast` in a transaction of its own, before the swap shows it to anyone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date

from sightline.settings import ROOT


@dataclass(frozen=True, slots=True)
class Forecasts:
    """The process that makes them."""

    process: subprocess.Popen

    def begin(self, council: str, as_at: date, schema: str) -> None:
        """Have the figures of a schema of marts forecast: they must be committed."""
        asked = {"council": council, "as_at": as_at.isoformat(), "schema": schema}
        # A process that has ended by then has its own way to say so: `are_written`.
        with suppress(BrokenPipeError), self.process.stdin as pipe:
            pipe.write(json.dumps(asked))

    def are_written(self) -> bool:
        """Wait for the end; return whether it was a good one."""
        return self.process.wait() == 0


@contextmanager
def forecasting(application: str) -> Iterator[Forecasts]:
    """Start the process, whose connection bears the name `application`. Whatever happens, it ends with the context."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PGAPPNAME": application}
    # No pool of multiprocessing: a spawned one imports the main module again, which is the whole of Airflow in a task.
    process = subprocess.Popen(
        [sys.executable, "-m", "sightline.findings"], stdin=subprocess.PIPE, env=environment, text=True
    )
    try:
        yield Forecasts(process)
    finally:
        process.kill()
        process.wait()
        with suppress(BrokenPipeError):
            process.stdin.close()


def main() -> None:
    """Forecast what the line on standard input asks for: nothing where the build has failed or was killed before."""
    from sightline import forecast, warehouse

    asked = sys.stdin.read()
    if asked:
        given = json.loads(asked)
        with warehouse.connect() as connection:
            forecast.write_forecasts(connection, given["council"], date.fromisoformat(given["as_at"]), given["schema"])


if __name__ == "__main__":
    main()
