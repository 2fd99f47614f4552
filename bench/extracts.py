"""A made-up extract of referrals (`ssd_cin_episodes`) of any size, and the same with one row in a hundred changed.

As CIN census XML the same referrals are children with details, an assessment and its factor: four rows each. The
writers import their libraries themselves: a measured task, which needs none of them, must not pay for them.
"""

from __future__ import annotations

import csv
import itertools
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

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
NEED, WORKER = 3, 11
CHANGED_ONE_IN = 100
GROUP_ROWS = 100_000
CENSUS_DAYS = 360
CENSUS_HEAD = """<?xml version="1.0" encoding="utf-8"?>
<Message>
<Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year><ReferenceDate>2026-03-31</ReferenceDate>\
</CollectionDetails><Source><SourceLevel>L</SourceLevel><LEA>302</LEA><SoftwareCode>Made-up council</SoftwareCode>\
</Source></Header>
<Children>
"""
CENSUS_CHILD = """<Child><ChildIdentifiers><LAchildID>{number:08}</LAchildID><UPNunknown>UN7</UPNunknown>\
<PersonBirthDate>{birth}</PersonBirthDate><Sex>F</Sex></ChildIdentifiers><ChildCharacteristics>\
<Ethnicity>WBRI</Ethnicity></ChildCharacteristics><CINdetails><CINreferralDate>{referred}</CINreferralDate>\
<ReferralSource>{source}</ReferralSource><PrimaryNeedCode>{need}</PrimaryNeedCode><ReferralNFA>0</ReferralNFA>\
<Assessments><AssessmentActualStartDate>{referred}</AssessmentActualStartDate><FactorsIdentifiedAtAssessment>\
<AssessmentFactors>1A</AssessmentFactors></FactorsIdentifiedAtAssessment></Assessments></CINdetails></Child>
"""
FIRST_DAY = date(2021, 4, 1)
DAYS = 1500


def changed(rows: int) -> int:
    """Return how many rows the second snapshot changes against the first."""
    return -(-rows // CHANGED_ONE_IN)


def rows_of(rows: int, changed_one_in: int | None = None) -> Iterator[list[str]]:
    """Yield the extract's rows.

    Both snapshots hold the same referrals; in the second, one in so many has another worker and another need.
    Everything is made up.
    """
    chance = random.Random(rows)
    for number in range(rows):
        row = _row(chance, number)
        if changed_one_in and number % changed_one_in == 0:
            row[NEED], row[WORKER] = "N9" if row[NEED] != "N9" else "N8", "W9999"
        yield row


def write_csv(path: Path, rows: Iterable[list[str]]) -> None:
    """Write rows as a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def write_xlsx(path: Path, rows: Iterable[list[str]]) -> None:
    """Write rows as a workbook of one sheet, dates as dates."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet, day = book.add_worksheet(FEED[:31]), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, list(COLUMNS))
        for number, row in enumerate(rows, 1):
            for place, (value, kind) in enumerate(zip(row, COLUMNS.values(), strict=True)):
                if kind == "date":
                    sheet.write_datetime(number, place, datetime.fromisoformat(value), day)
                else:
                    sheet.write_string(number, place, value)


def write_parquet(path: Path, rows: Iterable[list[str]]) -> None:
    """Write rows as a Parquet file, dates as dates, in groups of rows as large as most writers make them."""
    import pyarrow
    import pyarrow.parquet

    kinds = {"date": pyarrow.date32(), "text": pyarrow.string()}
    schema = pyarrow.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
    with pyarrow.parquet.ParquetWriter(path, schema) as writer:
        left = iter(rows)
        while group := list(itertools.islice(left, GROUP_ROWS)):
            columns = [
                pyarrow.array(values, pyarrow.string()).cast(kinds[kind])
                for values, kind in zip(zip(*group, strict=True), COLUMNS.values(), strict=True)
            ]
            writer.write_table(pyarrow.table(columns, schema=schema))


def write_census(path: Path, rows: Iterable[list[str]]) -> None:
    """Write the CIN census of 2026 of as many children as there are rows, by its schema's order of elements."""
    with path.open("w", encoding="utf-8") as handle:
        handle.write(CENSUS_HEAD)
        for number, row in enumerate(rows):
            handle.write(_census_child(number, row))
        handle.write("</Children>\n</Message>\n")


@dataclass(frozen=True)
class Format:
    """A format that the extract may come in: how it is written, and at which numbers of rows it is measured.

    `feeds` are the tables that it fills, `each` the rows that one referral is in them.
    """

    suffix: str
    write: Callable[[Path, Iterable[list[str]]], None]
    sizes: tuple[int, ...]
    most: int | None = None
    seconds: dict[int, float] = field(default_factory=dict)
    feeds: tuple[str, ...] = (FEED,)
    each: int = 1

    def save(self, path: Path, rows: int, *, is_second: bool = False) -> None:
        """Write an extract that fills the tables with so many rows, or that with one row in a hundred changed."""
        self.write(path, rows_of(rows // self.each, CHANGED_ONE_IN // self.each if is_second else None))


FORMATS = (
    Format("csv", write_csv, (10_000, 100_000, 1_000_000, 10_000_000)),
    Format("parquet", write_parquet, (10_000, 100_000, 1_000_000)),
    Format("xlsx", write_xlsx, (10_000, 100_000), most=100_000, seconds={100_000: 10.0}),
    Format(
        "xml",
        write_census,
        (10_000, 100_000, 1_000_000),
        feeds=("cin_child", "cin_details", "cin_assessment", "cin_assessment_factor"),
        each=4,
    ),
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


def _census_child(number: int, row: list[str]) -> str:
    referred = date(2025, 4, 1) + timedelta(days=number % CENSUS_DAYS)
    birth = referred - timedelta(days=400 + number % 5000)
    return CENSUS_CHILD.format(number=number, birth=birth, referred=referred, source=row[4], need=row[NEED])
