"""Documents as PDF/UA-1 by Typst: one template, compiled once a process; the same document gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from publish.document import MARKS, Block, Card, Cell, Chart, Document, Table, Tag
from publish.html import AUDIENCES, runs
from publish.numbers import day

TEMPLATE = Path(__file__).resolve().parent / "templates" / "report.typ"


@cache
def _compiler():
    """The compiler with matplotlib's own font, so that no machine's fonts change the bytes."""
    import typst

    fonts = next(Path(folder) for folder in _font_folders() if Path(folder).is_dir())
    found = typst.Fonts(include_system_fonts=False, font_paths=[str(fonts)])
    return typst.Compiler(input=str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=found)


def _font_folders() -> Iterable[Path]:
    """Where matplotlib keeps DejaVu Sans, found without importing it."""
    from importlib.util import find_spec

    for place in find_spec("matplotlib").submodule_search_locations:
        yield Path(place) / "mpl-data" / "fonts" / "ttf"


def render(document: Document) -> bytes:
    """The document as PDF. Raises typst.TypstError where the template does not fit the document."""
    text = json.dumps(_plain(document), ensure_ascii=False)
    return _compiler().compile(format="pdf", sys_inputs={"doc": text}, pdf_standards="ua-1", timestamp=0)


def _plain(document: Document) -> dict:
    """The document as the template reads it."""
    d, made = document, document.provenance
    where = (
        ""
        if made is None
        else f"Release {made.release_id}, code {made.code_version}, from {made.deliveries} deliveries."
    )
    names = ("title", "purpose", "council", "council_name", "unit_code", "unit_name", "is_made_up", "protection")
    return {name: getattr(d, name) for name in names} | {
        "period_text": d.period_text[0].upper() + d.period_text[1:],
        "as_at_text": day(d.as_at),
        "audience_text": AUDIENCES[d.audience],
        "freshness": list(d.freshness),
        "provenance_text": where,
        "sections": [{"title": s.title, "intro": s.intro, "blocks": list(_blocks(s.blocks))} for s in d.sections],
    }


def _blocks(blocks: Iterable[Block]) -> Iterable[dict]:
    for run in runs(list(blocks)):
        if run[0].kind == "chart":
            yield {"kind": "charts", "charts": [_chart(c) for c in run]}
        else:
            yield from (_block(b) for b in run)


def _block(block: Block) -> dict:
    if block.kind == "cards":
        return {"kind": "cards", "cards": [_card(c) for c in block.cards]}
    if block.kind == "sentences":
        said = [{"mark": s.mark, "tone": s.tone, "strong": s.strong, "text": s.text} for s in block.sentences]
        return {"kind": "sentences", "title": block.title, "sentences": said}
    if block.kind == "table":
        return _table(block)
    return {"kind": "note", "text": block.text, "items": list(block.items), "tone": block.tone}


def _tag(tag: Tag | None) -> dict | None:
    return tag and {"mark": tag.mark, "tone": tag.tone, "text": tag.text}


def _card(c: Card) -> dict:
    alt = f"{c.title} over time" if c.spark else ""
    line = ", ".join(filter(None, (c.detail, c.period)))
    return {
        "title": c.title,
        "value": c.value,
        "unit": c.unit,
        "line": line,
        "spark": c.spark,
        "spark_alt": alt,
        "change": c.change,
        "compare": [list(pair) for pair in c.compare],
        "tag": _tag(c.tag),
        "tone": c.tag.tone if c.tag else "none",
    }


def _chart(c: Chart) -> dict:
    return {
        "title": c.title,
        "sentence": c.sentence,
        "alt": c.alt,
        "svg": c.svg,
        "is_wide": c.is_wide,
        "tag": _tag(c.tag),
        "table": _table(c.table),
    }


def _table(t: Table) -> dict:
    columns = [
        {"label": c.label, "kind": c.kind, "share": share} for c, share in zip(t.columns, _shares(t), strict=True)
    ]
    return {
        "kind": "table",
        "caption": t.caption,
        "columns": columns,
        "rows": [[_cell(c) for c in row] for row in t.rows],
        "note": t.note,
        "is_folded": t.is_folded,
    }


def _shares(t: Table) -> list[float]:
    """Column widths as shares: by the text that has to fit, so that words stay whole and long texts get lines."""
    shares = []
    for n, column in enumerate(t.columns):
        lengths = sorted(len(row[n].text) for row in t.rows) or [0]
        longest_word = max(
            (len(word) for text in (column.label, *(row[n].text for row in t.rows)) for word in text.split()), default=4
        )
        shares.append(
            float(max(longest_word + 2, min(lengths[len(lengths) * 9 // 10], 46), min(len(column.label) / 2, 12), 5))
        )
    return shares


def _cell(c: Cell) -> dict:
    return {"text": c.text, "tone": c.tone, "mark": MARKS[c.tone] if c.tone else ""}
