"""Documents as one HTML file each: opens offline, no script, no outside source, readable by assistive technology."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from publish.document import MARKS, Block, Document
from publish.numbers import day

FOLDER = Path(__file__).resolve().parent / "templates"
AUDIENCES = {
    "team": "the team and its manager",
    "service": "the service's managers",
    "leaders": "senior leaders of the council",
    "members": "elected members",
    "partners": "partner agencies",
    "public": "everyone",
}


def render(document: Document) -> bytes:
    """The document as UTF-8 HTML."""
    template, css = _template()
    return template.render(d=document, css=css, audience=AUDIENCES[document.audience]).encode("utf-8")


@cache
def _template():
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": day, "mark": MARKS.__getitem__, "runs": runs}
    return environment.get_template("report.html.j2"), (FOLDER / "report.css").read_text(encoding="utf-8").strip()


def runs(blocks: Sequence[Block]) -> list[list[Block]]:
    """Neighbouring blocks of one kind together, so that charts can stand side by side."""
    return [list(group) for _, group in groupby(blocks, key=lambda block: block.kind == "chart")]
