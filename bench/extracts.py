"""A made-up extract of referrals (`ssd_cin_episodes`) of any size, and the same with one row in a hundred changed."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

FEED = "ssd_cin_episodes"
COLUMNS = {
    "cine_referral_id": "text",
    "cine_person_id": "text",
    "cine_referral_date": "date",
    "cine_cin_primary_need_code": "text",
    "cine_referral_source_code": "text",
    "cine_referral_source_desc": "text",
    "cine_referral_outcome_json": "text",
    "cine_referral_nfa": "text",
    "cine_close_reason": "text",
    "cine_close_date": "date",
    "cine_referral_team": "text",
    "cine_referral_worker_id": "text",
}
SOURCES = {"1A": "Family member", "2A": "School", "3A": "GP", "5A": "Housing", "6": "Police", "8": "Anonymous"}
CHANGED_ONE_IN = 100
FIRST_DAY = date(2021, 4, 1)
DAYS = 1500


def changed(rows: int) -> int:
    """Return how many rows the second snapshot changes against the first."""
    return -(-rows // CHANGED_ONE_IN)


def rows_of(rows: int, *, is_second: bool = False) -> Iterator[list[str]]:
    """Yield the extract's rows.

    Both snapshots hold the same referrals; in the second, one in a hundred has another worker. Everything is made up.
    """
    chance = random.Random(rows)
    for number in range(rows):
        row = _row(chance, number)
        if is_second and number % CHANGED_ONE_IN == 0:
            row[-1] = "W9999"
        yield row


def write_csv(path: Path, rows: Iterable[list[str]]) -> None:
    """Write rows as a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def write_xlsx(path: Path, rows: Iterable[list[str]]) -> None:
    """Write rows as a workbook of one sheet, dates as dates."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet, day = book.add_worksheet(FEED[:31]), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, list(COLUMNS))
        for number, row in enumerate(rows, 1):
            for place, (value, kind) in enumerate(zip(row, COLUMNS.values(), strict=True)):
                if kind == "date":
                    sheet.write_datetime(number, place, datetime.fromisoformat(value), day)
                else:
                    sheet.write_string(number, place, value)


@dataclass(frozen=True)
class Format:
    """A format that the extract may come in: how it is written, and at which numbers of rows it is measured."""

    suffix: str
    write: Callable[[Path, Iterable[list[str]]], None]
    sizes: tuple[int, ...]
    most: int | None = None
    seconds: dict[int, float] = field(default_factory=dict)


FORMATS = (
    Format("csv", write_csv, (10_000, 100_000, 1_000_000)),
    Format("xlsx", write_xlsx, (10_000, 100_000), most=100_000, seconds={100_000: 10.0}),
)
"""Every format that is measured; `most` is the largest size, `seconds` are limits by size."""


def _row(chance: random.Random, number: int) -> list[str]:
    referred = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    closed = referred + timedelta(days=chance.randrange(1, 400))
    source = chance.choice(list(SOURCES))
    is_nfa = chance.random() < 0.1
    return [
        f"R{number:08}",
        f"{chance.randrange(10**8):08}",
        referred.isoformat(),
        f"N{chance.randrange(10)}",
        source,
        SOURCES[source],
        '{"OUTCOME_NFA": "%s"}' % ("Y" if is_nfa else "N"),
        "Y" if is_nfa else "N",
        f"RC{chance.randrange(1, 10)}",
        closed.isoformat(),
        f"T-DAT{chance.randrange(1, 5)}",
        f"W{chance.randrange(200):04}",
    ]
