"""Files gone wrong: made-up extracts of each format, and seeded ways of damaging them.

`FORMATS` names the formats; `mutant(name, number, folder)` writes one file, the same for the same number. Every text of
a person holds the canary, which no message may show. Run as a program, it checks files without a database:

    python tests/mutations.py csv 10000
"""

from __future__ import annotations

import csv
import io
import random
import signal
import sys
import tempfile
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import dropwhile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from cin_sample import CHILD, FOOT, HEAD
from ingest_sample import names

CANARY = "zqxv"
SECONDS = 30
AS_AT = date(2026, 3, 31)
ROWS = 40
Table = list[list[str]]

TOKENS = [b",", b'"', b"\n", b"\r\n", b"\r", b";", b"\t", b"|", b'""', b"\xff", b"\x81", b"\xc3\xa9", b"\xe9", b"\0"]
TOKENS += [b"\xef\xbb\xbf", b" ", b",,,", b'"\n', b'",', "\u200b".encode(), "\u202e".encode(), b"\xed\xa0\x80"]
MARKUP = [b"<", b">", b"&", b"</Child>", b"</CHILD>", b"<!--", b"-->", b"]]>", b"<![CDATA[", b"\0", b"&#13;", b"&#0;"]
MARKUP += [b"<!DOCTYPE a>", b"<a:b/>", b"&amp;", b"&x;", b"<?a?>", b"\xff", b"\xc3\xa9", b" "]
VALUES = [
    "",
    " ",
    "NULL",
    "None",
    "\u200b",
    "1.23E+11",
    "31/02/2026",
    "2026-02-31",
    "0001-01-01",
    "9999-12-31",
    "Y",
    "-1",
]
VALUES += [
    "=1+1",
    "'); drop table raw.audit; --",
    "a\\b\\n",
    "\\N",
    "tab\there",
    "two\nlines",
    'say "hi"',
    "\x85",
    "\x1f",
]
VALUES += [
    "9" * 25,
    "1" * 19,
    "x" * 5000,
    "2026-01-05T25:00:00",
    "12.0",
    "+5",
    "1e400",
    "nan",
    "\u0661\u0662",
    "Zoe\u0301",
]
VALUES += ["03/04/2025", "13/13/2025", "2025-04-03 00:00:00", "\ufeff", "\U0001f600" * 600, "<b>", "\u202eabc", "\x7f"]


@dataclass(frozen=True)
class Mutant:
    """A damaged file, what was done to it, and how many rows it has where that is known."""

    path: Path
    done: str
    rows: int | None = None


def _bytes(content: bytes, dice: random.Random, tokens: list[bytes], times: int = 3) -> bytes:
    """Change, lose, repeat, move or put in some bytes, or cut the end off."""
    for _ in range(dice.randint(1, times)):
        at, length = dice.randrange(len(content) + 1), dice.choice([1, 1, 2, 5, 20, 100])
        span = content[at : at + length]
        way = dice.randrange(7)
        if way == 0 and span:
            content = content[:at] + bytes([span[0] ^ (1 << dice.randrange(8))]) + content[at + 1 :]
        elif way == 1:
            content = content[:at] + content[at + length :]
        elif way == 2:
            content = content[:at] + dice.choice(tokens) + content[at:]
        elif way == 3:
            content = content[:at] + span * dice.randint(2, 4) + content[at + length :]
        elif way == 4:
            to = dice.randrange(len(content) + 1)
            content = content[:to] + span + content[to:]
        elif way == 5:
            content = content[:at] + dice.randbytes(length) + content[at + length :]
        elif dice.random() < 0.3:
            content = content[:at]
    return content


def _table(rows: Table, dice: random.Random) -> tuple[Table, str]:
    """Damage a table with its header in one way; return it and the way's name."""
    rows = [list(row) for row in rows]
    width, row, other = len(rows[0]), dice.randrange(1, len(rows)), dice.randrange(1, len(rows))
    at, to = dice.randrange(width), dice.randrange(width)
    way = dice.choice(list(WAYS))
    WAYS[way](rows, dice, row, other, at, to)
    return rows, way


def _each(rows: Table, change: Callable[[list[str]], object]) -> None:
    for row in rows:
        change(row)


def _swap(rows: Table, first: int, second: int) -> None:
    rows[first], rows[second] = rows[second], rows[first]


def _put(row: list[str], at: int, value: str) -> None:
    row[at] = value


def _header(name: str, dice: random.Random) -> str:
    changes = [
        name.upper(),
        f" {name} ",
        name + "_",
        name[1:],
        name.replace("_", " "),
        "",
        f"{name}\n",
        f"\ufeff{name}",
    ]
    return dice.choice(changes)


def _move(row: list[str], at: int, to: int) -> None:
    row.insert(to, row.pop(at))


WAYS: dict[str, Callable] = {
    "value": lambda rows, dice, row, other, at, to: _put(rows[row], at, dice.choice(VALUES)),
    "values": lambda rows, dice, row, other, at, to: [
        _put(each, at, dice.choice(VALUES)) for each in rows[1:] if dice.random() < 0.3
    ],
    "swap columns": lambda rows, dice, row, other, at, to: _each(rows, lambda each: _move(each, at, to)),
    "swap values": lambda rows, dice, row, other, at, to: _swap_values(rows, at, to),
    "swap rows": lambda rows, dice, row, other, at, to: _swap(rows, row, other),
    "repeat a row": lambda rows, dice, row, other, at, to: rows.insert(row, list(rows[other])),
    "repeat a key": lambda rows, dice, row, other, at, to: _put(rows[row], 0, rows[other][0]),
    "lose a column": lambda rows, dice, row, other, at, to: _each(rows, lambda each: each.pop(at)),
    "repeat a column": lambda rows, dice, row, other, at, to: _each(rows, lambda each: each.insert(to, each[at])),
    "new column": lambda rows, dice, row, other, at, to: [
        each.insert(at, "local" if each is rows[0] else f"{CANARY} note") for each in rows
    ],
    "rename": lambda rows, dice, row, other, at, to: _put(rows[0], at, _header(rows[0][at], dice)),
    "swap headers": lambda rows, dice, row, other, at, to: _swap(rows[0], at, to),
    "lose the header": lambda rows, dice, row, other, at, to: rows.pop(0),
    "header below": lambda rows, dice, row, other, at, to: _swap(rows, 0, row),
    "short row": lambda rows, dice, row, other, at, to: rows[row].__delitem__(slice(at, None)),
    "long row": lambda rows, dice, row, other, at, to: rows[row].extend([f"{CANARY} more"] * (at + 1)),
    "lose a field": lambda rows, dice, row, other, at, to: rows[row].pop(at),
    "blank row": lambda rows, dice, row, other, at, to: rows.insert(row, [""] * len(rows[0])),
    "no rows": lambda rows, dice, row, other, at, to: rows.__delitem__(slice(1, None)),
    "header twice": lambda rows, dice, row, other, at, to: rows.insert(row, list(rows[0])),
    "rows in one": lambda rows, dice, row, other, at, to: rows[row - 1].extend(rows.pop(row)),
}


def _swap_values(rows: Table, at: int, to: int) -> None:
    for row in rows[1:]:
        _swap(row, at, to)


@cache
def people() -> Table:
    """Forty people with every private column filled."""
    free = {name: f"{CANARY}{name}" for name in names("ssd_person")}
    fixed = {"pers_sex": "F", "pers_ethnicity": "WBRI", "pers_dob": "2015-06-17"}
    known = {
        name: "" for name in names("ssd_person") if name not in ("pers_forename", "pers_surname", "pers_legacy_id")
    }
    rows = [free | known | fixed | {"pers_person_id": f"{CANARY}{number:05d}"} for number in range(ROWS)]
    return [names("ssd_person"), *([row[name] for name in names("ssd_person")] for row in rows)]


@cache
def referrals() -> Table:
    """Forty referrals with a text of several lines among them."""
    fixed = {"cine_referral_date": "2026-01-05", "cine_close_date": "2026-02-01", "cine_close_reason": "RC1"}
    fixed |= {"cine_cin_primary_need_code": "N1", "cine_referral_source_code": "1A", "cine_referral_nfa": "N"}
    rows = []
    for number in range(ROWS):
        own = {"cine_referral_id": f"{CANARY}R{number}", "cine_person_id": f"{CANARY}{number:05d}"}
        rows.append(
            fixed | own | {"cine_referral_source_desc": f'{CANARY}, "said"\nand more' if number % 5 == 0 else CANARY}
        )
    return [names("ssd_cin_episodes"), *([row.get(name, "") for name in names("ssd_cin_episodes")] for row in rows)]


HEADER_903 = ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]
EPISODES_903 = ["CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE"]
EPISODES_903 += ["HOME_POST", "PL_POST", "URN"]
REVIEWS_903 = ["CHILD", "DOB", "REVIEW", "REVIEW_CODE"]
CHILD_903 = (
    "<CHILD><HEADER><CHILDID>{id}</CHILDID><UPN>zqxvUPN</UPN><SEX>1</SEX><DOB>28/07/2010</DOB><ETHNIC>BAFR</ETHNIC>"
    "<UASC>1</UASC><DUC/><IN_TOUCH>YES</IN_TOUCH><ACTIV>F1</ACTIV><ACCOM>B1</ACCOM><DATE_INT/>"
    "<AMISSING><MISSING>M</MISSING><MIS_START>29/07/2017</MIS_START></AMISSING>"
    "<AREVIEW><REVIEW>27/09/2017</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW><MOTHER/>"
    "<PERMANENCE><PREV_PERM>Z1</PREV_PERM></PERMANENCE><OC2><SDQ_SCORE>21</SDQ_SCORE><CONVICTED>1</CONVICTED></OC2>"
    "<AD_PLACED><DATE_PLACED>22/11/2017</DATE_PLACED></AD_PLACED></HEADER>"
    "<EPISODE><DECOM>06/05/2017</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U6</PL><DEC/><REC/></EPISODE></CHILD>\n"
)


@cache
def returns_903() -> list[tuple[str, Table]]:
    """Three tables of an SSDA903 as delimited text."""
    ids = [f"{CANARY}{number:04d}" for number in range(20)]
    episodes = [
        [one, "05/06/2025", "S", "C2", "N1", "U1", "PR1", "", "", "", "zqxv 1AA", "zqxv 2BB", ""] for one in ids
    ]
    return [
        ("header.csv", [HEADER_903, *([one, "F", "05/06/2012", "WBRI", "zqxvUPN", "", ""] for one in ids)]),
        ("episodes.csv", [EPISODES_903, *episodes]),
        ("reviews.csv", [REVIEWS_903, *([one, "05/06/2012", "03/04/2025", "PN1"] for one in ids)]),
    ]


PERSON_A = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)"]
REFERRAL_A = ["Date of referral", "Referral Source", "Referral NFA?", "Number of Referrals in last 12 months"]
ANNEX_A = {
    "List 1": [*PERSON_A, "Date of Contact", "Contact Source"],
    "List 3": [*PERSON_A, *REFERRAL_A, "Allocated Team", "Allocated Worker"],
}


@cache
def annex_a() -> dict[str, Table]:
    """Two lists of an Annex A workbook."""
    ids = [f"{CANARY}{number:04d}" for number in range(15)]
    first = [[one, "b) Female", "a) White", "05/06/2012", "13", "03/01/2026", "g) Police"] for one in ids]
    third = [
        [one, "b) Female", "a) White", "05/06/2012", "13", "03/01/2026", "g) Police", "No", "1", "Team", f"{CANARY}W"]
        for one in ids
    ]
    return {"List 1": [ANNEX_A["List 1"], *first], "List 3": [ANNEX_A["List 3"], *third]}


def _written(rows: Table, dice: random.Random) -> bytes:
    """Write a table as text, in one of the dialects and encodings that are taken in."""
    text = io.StringIO()
    plain = dice.random() < 0.7
    delimiter = "," if plain else dice.choice(",;\t|")
    csv.writer(text, delimiter=delimiter, lineterminator="\n" if plain else dice.choice(["\n", "\r\n"])).writerows(rows)
    encoding = "utf-8" if plain else dice.choice(["utf-8-sig", "cp1252", "utf-16"])
    return text.getvalue().encode(encoding, "replace")


def _csv_mutant(rows: Table, dice: random.Random, path: Path) -> Mutant:
    done = "bytes"
    if dice.random() < 0.6:
        rows, done = _table(rows, dice)
    content = _written(rows, dice)
    if done == "bytes" or dice.random() < 0.3:
        content, done = _bytes(content, dice, TOKENS), f"{done}, bytes"
    path.write_bytes(content)
    return Mutant(path, done)


def csv_mutant(dice: random.Random, folder: Path) -> Mutant:
    """An extract as delimited text, under its own name or one that says nothing."""
    name, rows = dice.choice([("ssd_person", people()), ("ssd_cin_episodes", referrals())])
    return _csv_mutant(rows, dice, folder / dice.choice([f"{name}.csv", "extract.csv"]))


def ssda903_csv_mutant(dice: random.Random, folder: Path) -> Mutant:
    """One table of an SSDA903 as delimited text."""
    name, rows = dice.choice(returns_903())
    return _csv_mutant(rows, dice, folder / name)


def _cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, at: int, value: str, dice: random.Random) -> None:
    """Write a cell as text, or, now and then, as another type than its text."""
    if dice.random() > 0.02 or not value:
        sheet.write_string(row, at, value)
        return
    odd = [12345, 44185, 60, 0.5, -3, True, 1e15, 1e300, date(2024, 2, 29)]
    cell = dice.choice(odd)
    if isinstance(cell, date):
        sheet.write_datetime(row, at, cell, None)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, at, cell)
    else:
        sheet.write_number(row, at, cell)


def _workbook(sheets: dict[str, Table], dice: random.Random, path: Path) -> None:
    with xlsxwriter.Workbook(path, {"date_1904": dice.random() < 0.1}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row_no, row in enumerate(rows):
                for at, value in enumerate(row):
                    _cell(sheet, row_no, at, value, dice)


def _damage_zip(path: Path, dice: random.Random) -> str:
    """Damage the archive, or the XML of one of its parts."""
    if dice.random() < 0.4:
        path.write_bytes(_bytes(path.read_bytes(), dice, [b"PK\3\4", b"PK\1\2", b"\0\0"]))
        return "archive"
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    weights = [10 if "sheet" in name or "sharedStrings" in name else 1 for name in parts]
    (chosen,) = dice.choices(list(parts), weights)
    tokens = [b"<", b">", b'"', b"</c>", b"<c>", b"<v>", b"</v>", b"<row>", b"</row>", b't="s"', b't="e"', b"<f>x</f>"]
    tokens += [b"&#0;", b"<v>999999</v>", b"&amp;", b'r="A1"', b"-1", b"<is><t>x</t></is>", b"<!DOCTYPE a>", b"\xff"]
    parts[chosen] = _bytes(parts[chosen], dice, tokens)
    if dice.random() < 0.05:
        del parts[dice.choice(list(parts))]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return f"part {chosen}"


def xlsx_mutant(dice: random.Random, folder: Path) -> Mutant:
    """An extract as a workbook."""
    name, rows = dice.choice([("ssd_person", people()), ("ssd_cin_episodes", referrals())])
    path, done = folder / f"{name}.xlsx", "whole"
    if dice.random() < 0.6:
        rows, done = _table(rows, dice)
    _workbook({"Data": rows}, dice, path)
    if done == "whole" or dice.random() < 0.2:
        return Mutant(path, f"{done}, {_damage_zip(path, dice)}")
    first = next((at for at, row in enumerate(rows) if any(row)), 0)
    return Mutant(path, done, sum(any(cell.strip() for cell in row) for row in rows[first + 1 :]))


def annex_a_mutant(dice: random.Random, folder: Path) -> Mutant:
    """An Annex A workbook of two lists, one of them damaged."""
    sheets, path, done = dict(annex_a()), folder / "annex_a.xlsx", "whole"
    if dice.random() < 0.7:
        name = dice.choice(list(sheets))
        sheets[name], done = _table(sheets[name], dice)
        if dice.random() < 0.1:
            sheets = {f"Sheet{at}": rows for at, rows in enumerate(sheets.values())}
    _workbook(sheets, dice, path)
    if done == "whole" or dice.random() < 0.2:
        done = f"{done}, {_damage_zip(path, dice)}"
    return Mutant(path, done)


def parquet_mutant(dice: random.Random, folder: Path) -> Mutant:
    """An extract as a Parquet file: other types, other columns, other bytes."""
    name, rows = dice.choice([("ssd_person", people()), ("ssd_cin_episodes", referrals())])
    path, done, known = folder / f"{name}.parquet", "whole", None
    if dice.random() < 0.5:
        width = len(rows[0])
        rows, done = _table(rows, dice)
        rows[0] = rows[0][: width + done.endswith(" column")]
        rows = [(row + [""] * len(rows[0]))[: len(rows[0])] for row in rows]
    columns = [pa.array([row[at] or None for row in rows[1:]], pa.string()) for at in range(len(rows[0]))]
    if columns and dice.random() < 0.4:
        columns[dice.randrange(len(columns))] = _odd_column(len(rows) - 1, dice)
        done += ", type"
    table = pa.Table.from_arrays(columns, names=list(rows[0]))
    codec = dice.choice(["none", "snappy", "zstd", "gzip"])
    pq.write_table(table, path, compression=codec, row_group_size=dice.choice([10, 1000]))
    if done == "whole" or dice.random() < 0.3:
        path.write_bytes(_bytes(path.read_bytes(), dice, [b"PAR1", b"\0" * 8, b"\xff" * 4]))
        done += ", bytes"
    else:
        known = len(rows) - 1
    return Mutant(path, done, known)


def _odd_column(count: int, dice: random.Random) -> pa.Array:
    moments = pa.array([1_700_000_000_000_000_000 + at for at in range(count)], pa.int64())
    kinds = [
        lambda: pa.array(range(count), pa.int32()),
        lambda: pa.array([at / 3 for at in range(count)], pa.float64()),
        lambda: pa.array([float("nan")] * count, pa.float32()),
        lambda: pa.array([at % 2 == 0 for at in range(count)]),
        lambda: moments.cast(pa.timestamp("ns", "UTC")),
        lambda: pa.array([-(2**62)] * count, pa.int64()).cast(pa.timestamp("us")),
        lambda: pa.array([3_000_000] * count, pa.int32()).cast(pa.date32()),
        lambda: pa.array([b"\xff"] * count, pa.binary()),
        lambda: pa.array([[1]] * count),
        lambda: pa.nulls(count),
        lambda: pa.array(["1A"] * count).dictionary_encode(),
        lambda: pa.array([10**9] * count, pa.int64()).cast(pa.time64("us")),
    ]
    return dice.choice(kinds)()


def _xml_mutant(whole: str, record: str, dice: random.Random, path: Path) -> Mutant:
    """Lose, repeat, swap or rename elements, or change bytes."""
    content, done = whole.encode(), "bytes"
    if dice.random() < 0.5:
        lines = whole.replace("><", ">\n<").split("\n")
        for _ in range(dice.randint(1, 3)):
            at, to = dice.randrange(len(lines)), dice.randrange(len(lines))
            done = dice.choice(["lose", "repeat", "move", "value", "rename"])
            if done == "lose":
                del lines[at]
            elif done == "repeat":
                lines.insert(to, lines[at])
            elif done == "move":
                lines.insert(to, lines.pop(at))
            elif done == "value":
                start, _, rest = lines[at].partition(">")
                odd = dice.choice(VALUES).replace("&", "&amp;").replace("<", "&lt;")
                lines[at] = f"{start}>{odd}<{rest.partition('<')[2]}" if rest else lines[at]
            else:
                lines[at] = lines[at].replace(dice.choice("ADCEPRS"), "x", 1)
        content = "\n".join(lines).encode("utf-8", "replace")
    if done == "bytes" or dice.random() < 0.2:
        content, done = _bytes(content, dice, MARKUP), f"{done}, bytes"
    path.write_bytes(content)
    return Mutant(path, done)


def cin_mutant(dice: random.Random, folder: Path) -> Mutant:
    """A CIN census of three children."""
    whole = HEAD.format(year=2026) + "".join(CHILD.format(id=f"{CANARY}{n}") for n in range(3)) + FOOT
    return _xml_mutant(whole, "Child", dice, folder / "census.xml")


def ssda903_xml_mutant(dice: random.Random, folder: Path) -> Mutant:
    """An SSDA903 in XML of three children."""
    children = "".join(CHILD_903.format(id=f"{CANARY}{n}") for n in range(3))
    return _xml_mutant(f"<EXPSSDA903>{children}</EXPSSDA903>\n", "CHILD", dice, folder / "return.xml")


FORMATS: dict[str, Callable[[random.Random, Path], Mutant]] = {
    "csv": csv_mutant,
    "xlsx": xlsx_mutant,
    "parquet": parquet_mutant,
    "cin_xml": cin_mutant,
    "ssda903_xml": ssda903_xml_mutant,
    "ssda903_csv": ssda903_csv_mutant,
    "annex_a": annex_a_mutant,
}


def mutant(name: str, number: int, folder: Path) -> Mutant:
    """Write the damaged file with a number; the same number gives the same file."""
    return FORMATS[name](random.Random(f"{name} {number}"), folder)


@contextmanager
def in_time(seconds: int = SECONDS) -> Iterator[None]:
    """Fail what takes longer."""

    def late(*_: object) -> None:
        raise TimeoutError(f"not done within {seconds} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


PLACED = {"quote", "nul", "header", "missing_column", "duplicate_header", "other_feed", "encoding"}
"""Refusals of text and workbooks that have a row."""


def faults_of_refusal(error: object, mutated: Mutant) -> list[str]:
    """Say what a refusal lacks: its file, its place, or that it shows a value."""
    said, wrong = str(error), []
    if not said.startswith(mutated.path.name):
        wrong.append("does not name its file")
    if CANARY in said.casefold():
        wrong.append("shows a value")
    is_placed = error.rule in PLACED and mutated.path.suffix == ".csv"
    if is_placed and error.row is None and ", row " not in said:
        wrong.append(f"{error.rule} without a row")
    return wrong


def check_only(mutated: Mutant) -> tuple[list[str], list[str]]:
    """Open, recognise and check a file without a database; return what became of its parts, and what is wrong."""
    from ingest.check import Checker
    from ingest.errors import RefusedFile
    from ingest.gather import Job
    from ingest.land import land
    from ingest.parts import open_parts
    from ingest.promise import check_rows, notes_of
    from ingest.recognise import match_header, recognise
    from ingest.spec import load_specs
    from ingest.years import Years

    specs, ends, wrong = load_specs(), [], []
    landing = mutated.path.parent / "landing"
    try:
        parts = open_parts(land(mutated.path, landing), specs)
    except RefusedFile as error:
        return [error.rule], faults_of_refusal(error, mutated)
    for part in parts:
        try:
            if part.failure:
                raise part.failure
            spec = specs[part.feed] if part.feed else recognise(part, specs)
            header = match_header(part, spec, specs)
            year, note = Years(specs).find(Job(mutated.path), part, spec, header, part.as_at or AS_AT)
            values = {spec.collection.column: str(year)} if spec.collection else {}
            part = part.with_columns([(name, values.get(name, "")) for name in header.added])
            read, kept, bad = _count(part, spec, Checker(spec, header, year, AS_AT), header)
            check_rows(read, part, part.rows)
            ends.append("checked")
            wrong += [] if read == kept + len(bad) else [f"{read} read, {kept} good, {len(bad)} bad"]
            wrong += faults_of_rows(bad, spec)
            if CANARY in " ".join(notes_of(part, header, note)).casefold():
                wrong.append("a note shows a value")
            expected = mutated.rows if mutated.rows is not None else _rows_of_text(part)
            if expected is not None and expected != read:
                wrong.append(f"{read} read of {expected} rows")
        except RefusedFile as error:
            ends.append(error.rule)
            wrong += faults_of_refusal(error, mutated)
    return ends, wrong


def _count(part: object, spec: object, checker: object, header: object) -> tuple[int, int, list]:
    read, kept, bad = 0, 0, []
    for chunk in part.chunks(header.kinds(spec, len(part.header))):
        read += len(chunk.rows) + len(chunk.wrong)
        checked = checker.check(chunk, len(part.header))
        kept += len(checked.row_nos)
        bad += checked.bad
    return read, kept, bad


def faults_of_rows(bad: list, spec: object) -> list[str]:
    """Say what the faults of rows lack."""
    known, wrong = {column.name for column in spec.columns}, []
    for row in bad:
        for fault in row.faults:
            if fault.column not in known or not fault.rule or not fault.reason or row.row_no < 1:
                wrong.append("a fault without its place")
            if CANARY in fault.reason.casefold():
                wrong.append("a reason shows a value")
    return wrong


def _rows_of_text(part: object) -> int | None:
    """Count a text file's rows anew, below the first that is not blank, as encoding and delimiter were found."""
    table = part.table
    if part.label or not hasattr(table, "delimiter"):
        return None
    with table.landed.path.open(encoding=table.encoding, newline="") as handle:
        rows = list(dropwhile(lambda row: not any(map(str.strip, row)), csv.reader(handle, delimiter=table.delimiter)))
    return sum(len(row) == len(rows[0]) or any(cell.strip() for cell in row) for row in rows[1:])


def main() -> None:
    """Check so many files of a format; print what became of them and every one that breaks a promise."""
    name, count = sys.argv[1], int(sys.argv[2])
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    ends, broken = Counter(), 0
    for number in range(first, first + count):
        with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
            mutated = mutant(name, number, Path(folder))
            try:
                with in_time():
                    became, wrong = check_only(mutated)
            except Exception as error:
                place = traceback.extract_tb(error.__traceback__)[-1]
                became, wrong = ["crash"], [f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}"]
        ends.update(became)
        if wrong:
            broken += 1
            print(f"{name} {number} ({mutated.done}): {'; '.join(sorted(set(wrong)))}", flush=True)
    print(f"{name}: {count} files, {broken} break a promise; {dict(ends.most_common())}")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
