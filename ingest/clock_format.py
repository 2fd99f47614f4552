"""Which of a workbook's cell formats show a time of day, and which a day alone (ECMA-376 part 1, 18.8.30 and 18.8.45).

A day and its midnight are one number in a workbook: only the format tells whether the cell is a moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

NOT_CODE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
"""What in a format stands for itself: text, colours, places. Hours counted beyond a day are no time of day either."""

BUILT_IN_CLOCKS = frozenset({18, 19, 20, 21, 22, 45, 47})
BUILT_IN_DAYS = frozenset({14, 15, 16, 17, *range(27, 37), *range(50, 59)})
MAX_FORMATS = 100_000


@dataclass
class Formats:
    """Numbers of the cell formats (a cell's attribute `s`) that show a time of day, and of those with days alone."""

    clocks: set[bytes] = field(default_factory=set)
    days: set[bytes] = field(default_factory=set)
    _codes: dict[str, str] = field(default_factory=dict)
    _place: list[str] = field(default_factory=list)
    _count: int = 0

    def read(self, blocks: Iterable[bytes]) -> None:
        """Take the formats from the blocks of the part that holds the styles; beyond 100,000 none is taken."""
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        for block in blocks:
            parser.Parse(block, False)

    def _start(self, tag: str, values: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        self._place.append(tag)
        if len(self._codes) + self._count > MAX_FORMATS:
            return
        if tag == "numFmt":
            self._codes[values.get("numFmtId", "")] = values.get("formatCode", "")
        if self._place[-2:] == ["cellXfs", "xf"]:
            self._sort(values.get("numFmtId", "0"))
            self._count += 1

    def _end(self, _tag: str) -> None:
        self._place.pop()

    def _sort(self, number: str) -> None:
        """Note what the next cell format shows, by the number of its number format."""
        code = NOT_CODE.sub("", self._codes.get(number, "")).partition(";")[0].casefold()
        known = int(number) if number.isdecimal() else 0
        if known in BUILT_IN_CLOCKS or (code != "general" and re.search("[hs]", code)):
            self.clocks.add(b"%d" % self._count)
        elif known in BUILT_IN_DAYS or (code != "general" and re.search("[dmy]", code)):
            self.days.add(b"%d" % self._count)
