"""An independent computation of the indicators, for the tests that check the warehouse against it.

Plain Python over the extract files, written from the indicators' definitions; it shares nothing with the platform
but the extracts, the council's YAML and the published population figures. Rules are functions that yield one
`Observation` per case (`EVENTS` over all time, `SNAPSHOTS` at a day); `value.py` sums them.
"""

from datetime import date
from pathlib import Path

import polars as pl

from .period import DEFAULT_PERIODS, Period, parse, rolling_year
from .value import Oracle

__all__ = ["DEFAULT_PERIODS", "Oracle", "Period", "compute", "parse", "rolling_year"]


def compute(folder: Path, council_yml: Path, as_at: date, periods: list[Period] | None = None) -> pl.DataFrame:
    """The values of every indicator for the council, its services, teams and workers (columns: `value.VALUES`)."""
    return Oracle(folder, council_yml, as_at, periods).compute()
