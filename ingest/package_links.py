"""Find a workbook's sheets, shared texts and styles where its relationships say they lie (ECMA-376 part 2, 8 and 9).

A part's name counts in any case. A path is taken as the cells' reader takes it, which resolves no `..` and decodes
nothing: what is looked through here must be what is read there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from ingest.errors import RefusedFile

BOOK, LINKS, TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[content_types].xml"
STRINGS, STYLES = "xl/sharedstrings.xml", "xl/styles.xml"
"""Where the cells' reader looks for them, whatever the relationships say."""

NAMESPACE = re.compile(r"^\{[^}]*\}")
PLAIN = re.compile(r"/?[\w./-]+")
"""A path that means the same to every reader: nothing is escaped in it."""


@dataclass(frozen=True)
class Links:
    """Which part each sheet is, by the sheet's name; whether days count from 1904."""

    sheets: dict[str, str]
    is_1904: bool


def key_of(part: str) -> str:
    """Return a part's name as it is compared: the cells' reader ignores case and takes either slash."""
    return part.replace("\\", "/").lower()


def read_links(file: str, kept: Mapping[str, bytes]) -> Links:
    """Read which parts are sheets from the workbook's own part and its relationships, both in `kept` by their key.

    Raises:
        RefusedFile: it could be read in two ways, or one part is two sheets, or a sheet is a macro's.
        ElementTree.ParseError: a part is no XML.
    """
    targets = _targets(file, ElementTree.fromstring(kept.get(LINKS, b"<none/>")))
    sheets: dict[str, str] = {}
    is_1904 = False
    for element in ElementTree.fromstring(kept[BOOK]).iter():
        tag = NAMESPACE.sub("", element.tag)
        if tag == "workbookPr":
            is_1904 = element.get("date1904") in ("1", "true")
        if tag == "sheet":
            ids = [value for key, value in element.attrib.items() if NAMESPACE.sub("", key) == "id"]
            name, target = element.get("name", ""), targets.get(ids[0] if ids else "")
            if len(ids) > 1 or name in sheets:
                raise RefusedFile(file, "format", "two sheets of the workbook have one name, or one sheet two parts")
            if target is not None and target in sheets.values():
                raise RefusedFile(file, "zip_bomb", "two sheets of the workbook are one part")
            if target is not None:
                sheets[name] = target
    return Links(sheets, is_1904)


def _targets(file: str, links: ElementTree.Element) -> dict[str, str]:
    """Return the part of each relationship by its id; those with an unusual path have none."""
    targets: dict[str, str] = {}
    for link in links.iter():
        kind, name, path = link.get("Type", "").rpartition("/")[2], link.get("Id"), link.get("Target", "")
        if name is None or link.get("TargetMode") == "External":
            continue
        if name in targets:
            raise RefusedFile(file, "format", "two relationships of the workbook have one id")
        if kind == "xlMacrosheet":
            raise RefusedFile(file, "macro", "the workbook holds macros: save it as .xlsx, without them")
        target = path[1:].lower() if path.startswith("/") else f"xl/{path}".lower()
        targets[name] = target if PLAIN.fullmatch(path) else ""
        usual = {"sharedStrings": STRINGS, "styles": STYLES}.get(kind, target)
        if target != usual:
            message = f"its {kind} lie in an unusual place, where they are not read: open it and save it again"
            raise RefusedFile(file, "format", message)
    return {name: target for name, target in targets.items() if target}
