"""Hostile and damaged CIN census files: each refused in time, within memory, with its place. All people are made up."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from cin_sample import CHILD, FOOT, HEAD, census, measure

from ingest.errors import RefusedFile
from ingest.xml_return import open_return, rows

SECONDS, PEAK_MIB = 5, 256
DOCTYPE = "<!DOCTYPE Message [{}]>"
LAUGHS = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
ONE = HEAD.format(year=2026) + CHILD.format(id="1") + FOOT
HOSTILE = {
    "entity bomb": (lambda: DOCTYPE.format(LAUGHS) + ONE.replace("WBRI", "&a11;"), "doctype"),
    "entity bomb in an attribute": (
        lambda: DOCTYPE.format(LAUGHS) + ONE.replace("<Message>", '<Message a="&a11;">'),
        "doctype",
    ),
    "external entity": (
        lambda: DOCTYPE.format('<!ENTITY x SYSTEM "file:///etc/passwd">') + ONE.replace("WBRI", "&x;"),
        "doctype",
    ),
    "external type": (lambda: '<!DOCTYPE Message SYSTEM "http://192.0.2.1/x.dtd">' + ONE, "doctype"),
    "parameter entity": (lambda: DOCTYPE.format('<!ENTITY % x SYSTEM "file:///etc/passwd">%x;') + ONE, "doctype"),
    "endless document type": (lambda: "<!DOCTYPE Message [" + '<!ENTITY a "b">' * 2_000_000, "doctype"),
    "unknown entity": (lambda: ONE.replace("WBRI", "&x;"), "format"),
    "100,000 deep": (lambda: HEAD.format(year=2026) + "<Child>" * 100_000 + "</Child>" * 100_000 + FOOT, "depth"),
    "endless child": (lambda: HEAD.format(year=2026) + "<Child>" + "<a/>" * 8_000_000, "too_large"),
    "endless text": (lambda: HEAD.format(year=2026) + "<Child><Sex>" + "F" * 60_000_000, "too_large"),
    "endless name": (lambda: "<" + "M" * 30_000_000, "format"),
    "endless blanks": (lambda: HEAD.format(year=2026) + " " * 60_000_000, "too_large"),
    "cut short": (lambda: ONE[:-40], "cut_short"),
    "cut within a child": (lambda: ONE[: ONE.index("<Section47>") + 30], "cut_short"),
    "not XML": (lambda: "PK\x03\x04 no census", "format"),
    "empty": (lambda: "", "empty"),
    "another return": (lambda: ONE.replace("<Collection>CIN", "<Collection>SLT"), "other_feed"),
    "no record of the return it says it is": (lambda: ONE.replace("<Collection>CIN", "<Collection>CSWW"), "empty"),
    "another document": (lambda: "<html><body/></html>", "unrecognised"),
    "no year": (lambda: ONE.replace("<Year>2026</Year>", ""), "year"),
    "not its encoding": (lambda: ONE.replace("WBRI", "\udce9"), "encoding"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(tmp_path, name):
    """Each within 5 seconds and 256 MB, with a reason that shows no value."""
    write, rule = HOSTILE[name]
    path = tmp_path / "hostile.xml"
    path.write_text(write(), encoding="utf-8", errors="surrogateescape")
    what, peak, seconds = measure(path)
    assert what == rule
    assert peak <= PEAK_MIB and seconds <= SECONDS, (peak, seconds)


def test_many_unknown_names_are_counted_not_kept(tmp_path):
    """A file that invents a new name each time is reported in a bounded list."""
    path = census(tmp_path / "census.xml", [f"<Child><x{n}/></Child>" for n in range(5000)])
    reader = open_return(path)
    assert len(list(reader.rows())) == 5000
    assert len(reader.problems) <= 510
    assert sum(problem.count for problem in reader.problems if problem.rule == "unknown_element") == 5000


def test_a_refusal_names_the_line(tmp_path):
    """What is not well-formed is refused with the line where it stops being so."""
    path = census(tmp_path / "census.xml", [CHILD.format(id="1").replace("</Sex>", "</Sax>")])
    with pytest.raises(RefusedFile, match=r"census\.xml, row 7: not well-formed XML"):
        list(rows(path))


def test_damaged_files_are_read_or_refused(tmp_path):
    """1,000 files with bytes lost, changed, repeated or put in: never a crash, never a reason without its file."""
    whole = (HEAD.format(year=2026) + CHILD.format(id="1") + FOOT).encode()
    tokens = [
        b"<",
        b"&",
        b"</Child>",
        b"<!--",
        b"]]>",
        b"<![CDATA[",
        b"\0",
        b"\xff",
        b"&#13;",
        b"<!DOCTYPE a>",
        b"<a:b/>",
    ]
    dice, rules = random.Random(1), Counter()
    path = tmp_path / "census.xml"
    for _ in range(1000):
        at, length = dice.randrange(len(whole)), dice.randint(1, 60)
        put = dice.choice([b"", dice.choice(tokens), dice.randbytes(1), whole[at : at + 2 * length]])
        path.write_bytes(whole[:at] + put + whole[at + dice.choice([0, length]) :])
        try:
            rules["read" if list(rows(path)) else "nothing"] += 1
        except RefusedFile as error:
            assert str(error).startswith("census.xml")
            rules[error.rule] += 1
    assert {"read", "format", "cut_short", "encoding"} <= set(rules)
