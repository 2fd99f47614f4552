"""Blocks of text: what the indicators count, and how to read the report."""

from __future__ import annotations

from publish import numbers, spec
from publish.context import SMALL_DENOMINATOR, Context
from publish.document import Block, Cell, Column, Note, Table

BETTER = {"high": "Higher is better", "low": "Lower is better", "context": "Neither"}


def definitions(context: Context, block: spec.Definitions) -> list[Block]:
    """What each indicator of the report counts; those that cannot be computed stand apart with the reason."""
    found = context.known(context.spec.indicators)
    rows = tuple(
        (
            Cell(f"{i.title} ({i.indicator_id})"),
            Cell(i.definition),
            Cell(BETTER[i.better]),
            Cell(i.source or ""),
            Cell(i.caveat or ""),
        )
        for i in found
    )
    columns = (Column("Indicator"), Column("What it counts"), Column("Better"), Column("Source"), Column("Caution"))
    blocks: list[Block] = [Table("Definitions", columns, rows)]
    unused = [
        context.store.indicators[i].title
        for i in context.spec.indicators
        if i in context.store.indicators and not context.is_used(i)
    ]
    if unused:
        blocks.append(Note(f"Left out, as {context.unit_name} had no cases in the last year: {', '.join(unused)}."))
    missing = [i for i in context.spec.indicators if i not in context.store.indicators]
    if missing:
        blocks.append(Note(f"Not in the catalogue of this release, so not shown: {', '.join(missing)}."))
    return blocks


def how_to_read(context: Context, block: spec.HowToRead) -> list[Block]:
    """How cards and control charts read, and what the signs mean."""
    items = [
        "Is it real? Figures move from month to month without any cause. A control chart shows the mean and the limits "
        "of that usual variation. A point outside the limits, seven in a row on one side of the mean, seven in a row "
        "rising or falling, or two of three near a limit are real changes, marked by colour and shape: blue circles "
        "for better, orange diamonds for worse, purple squares where neither direction is good.",
        "▲ better, ▼ worse, ◆ look at this, ● no real change, ○ too few to judge. Words stand beside each sign.",
        f"With fewer than {SMALL_DENOMINATOR} cases a percentage is shown with its cases and gets no verdict.",
        "Published comparators are for the period named; they come out once a year and lie behind the council's own.",
        f"{numbers.NONE} means that there is no figure, with the reason beside it where there is room.",
    ]
    if context.spec.is_protected:
        items.append(
            f"{numbers.HIDDEN} means hidden, so that no child can be recognised; see the note on small numbers."
        )
    if any(t.example for t in context.council.targets):
        items.append(
            "Values marked (example) are set by us to show how the report looks; they are not the council's policy."
        )
    return [Note("How to read this report", tuple(items))]
