"""Blocks on what is out of the ordinary, what was changed, what contradicts each other, and how cases flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from publish import numbers, spec
from publish.context import Context, amount
from publish.document import Block, Cell, Column, Note, Sentence, Sentences, Table
from sightline.spc import RULES

TONES = {"better": "good", "worse": "bad", "higher": "watch", "lower": "watch"}
VERDICTS = {
    "better": "Better than usual.",
    "worse": "Worse than usual.",
    "higher": "Higher than usual.",
    "lower": "Lower than usual.",
}
CAUSES = {"later_day": "cases have ripened since", "rules": "the rules were changed"}
STANDINGS = {
    "high": ("▲", "good"),
    "low": ("▼", "bad"),
    "usual": ("", None),
    "too_few": ("○", None),
    "none": ("", None),
}


def teams_of(context: Context) -> dict[str, str]:
    """Code and name of the teams that the report's unit is made of; of the unit itself where it is a team."""
    if context.level == "team":
        return {context.unit_code: context.unit_name}
    return {
        unit.code: unit.name for unit in context.store.teams(context.unit_code if context.level == "service" else None)
    }


def findings(context: Context, block: spec.Findings) -> list[Block]:
    """Signals at the latest month: for the worse first, then by the strength of the rule."""
    teams = teams_of(context) if block.of == "teams" else {}
    rows = [
        row
        for row in context.lists.flow.get("findings", ())
        if (row["unit_code"] in teams if teams else row["unit_code"] == context.unit_code)
        and row["level"] == ("team" if teams else context.level)
        and row["indicator_id"] in context.spec.indicators
    ]
    if any(row["period_end"] > context.period.end for row in rows):
        return [
            Note("What is out of the ordinary is worked out for the latest month, which this report does not reach.")
        ]
    if not rows:
        return [Note("No indicator is out of the ordinary in the latest month.")]
    order = ("worse", "higher", "lower", "better")
    rows.sort(key=lambda r: (order.index(r["verdict"]), RULES.index(r["rule"]), r["indicator_id"], r["unit_code"]))
    said = tuple(
        Sentence(
            f"{row['sentence']} {VERDICTS[row['verdict']]}",
            TONES[row["verdict"]],
            f"{teams[row['unit_code']]}:" if teams else "",
        )
        for row in rows[: block.limit]
    )
    found: list[Block] = [Sentences(block.title, said)]
    if len(rows) > block.limit:
        found.append(
            Note(f"{numbers.plural(len(rows) - block.limit, 'further finding', 'further findings')} left out.")
        )
    return found


def revisions(context: Context, block: spec.Revisions) -> list[Block]:
    """Figures of ended periods that a later build put differently, the largest change first."""
    units = teams_of(context) if context.level != "council" else {context.unit_code: context.unit_name}
    rows = [
        row
        for row in context.lists.flow.get("revisions", ())
        if row["unit_code"] in units and row["indicator_id"] in context.spec.indicators
    ]
    if not rows:
        return [Note("No figure of an ended period that this report shows has been changed since it was first known.")]
    rows.sort(key=lambda r: (-_weight(r), r["indicator_id"], r["period_end"], r["unit_code"]))
    body = tuple(_revision_row(context, row, units) for row in rows[: block.limit])
    columns = (
        Column("Indicator"), Column("Unit"), Column("Period"), Column("Before"), Column("Now"),
        Column("Known before on"), Column("Why"),
    )  # fmt: skip
    more = len(rows) - len(body)
    note = f"{numbers.plural(more, 'smaller change', 'smaller changes')} not shown." if more > 0 else ""
    return [Table(block.title, columns, body, note)]


def _weight(row: Mapping) -> float:
    """How much a change weighs: the cases that it moved, relative to those there were."""
    moved = abs((row["numerator"] or 0) - (row["numerator_before"] or 0))
    moved = max(moved, abs((row["denominator"] or 0) - (row["denominator_before"] or 0)))
    return float(moved) / (float(max(row["numerator_before"] or 0, row["denominator_before"] or 0)) + 5)


def _revision_row(context: Context, row: Mapping, units: Mapping[str, str]) -> tuple[Cell, ...]:
    indicator = context.store.indicators[row["indicator_id"]]
    count = len(row["deliveries"] or ())
    why = numbers.plural(count, "later delivery", "later deliveries") if row["cause"] == "deliveries" else CAUSES.get(
        row["cause"] or "", "")  # fmt: skip
    return (
        Cell(indicator.title),
        Cell(units[row["unit_code"]]),
        Cell(numbers.tick(row["period_kind"], row["period_end"])),
        Cell(_value(indicator, row, "_before")),
        Cell(_value(indicator, row, "")),
        Cell(numbers.short_day(row["known_before_on"])),
        Cell(why),
    )


def _value(indicator, row: Mapping, when: str) -> str:
    """A value with its cases: '82.4% (421 of 511)'."""
    text = amount(indicator, row[f"value{when}"])
    if indicator.kind == "percentage" and row[f"denominator{when}"]:
        top, bottom = row[f"numerator{when}"], row[f"denominator{when}"]
        text += f" ({numbers.number(top)} of {numbers.number(bottom)})"
    return text


def triangulation(context: Context, block: spec.Triangulation) -> list[Block]:
    """One row a team for the last complete quarter, with the council's own row first."""
    rows = {(row["level"], row["unit_code"]): row for row in context.lists.flow.get("triangulation", ())}
    if not rows:
        return [Note("No quarter has audits, feedback or duties to set side by side.")]
    whole = rows.get(("council", context.council.id))
    listed = [("Whole council", whole)] if whole else []
    listed += [(name, rows["team", code]) for code, name in teams_of(context).items() if ("team", code) in rows]
    end = next(iter(rows.values()))["period_end"]
    columns = (
        Column("Team"), Column("Audits good or better"), Column("Feedback positive"), Column("Duties in time"),
        Column("Children per full-time post", "decimal"), Column("Contradiction"),
    )  # fmt: skip
    body = tuple(_triangle_row(name, row) for name, row in listed)
    note = (
        "▲ 10 points or more above the whole council, ▼ below it (a fifth, for children per post), ○ fewer than 6 "
        "cases. High beside low is a contradiction; so is low performance with few children per post."
    )
    title = f"Audits, feedback, performance and workload, {numbers.span('quarter', _quarter_start(end), end)}"
    return [Table(title, columns, body, note)]


def _quarter_start(end: date) -> date:
    return end.replace(month=end.month - 2, day=1)


def _triangle_row(name: str, row: Mapping) -> tuple[Cell, ...]:
    shares = [
        _standing_cell(row[f"percent_{what}"], row[top], row[bottom], row[f"{which}_standing"])
        for what, top, bottom, which in (
            ("audits_good", "audits_good", "audits_graded", "audit"),
            ("feedback_positive", "feedback_positive", "feedback_received", "feedback"),
            ("duties_in_time", "duties_in_time", "duties_closed", "performance"),
        )
    ]
    load = row["children_per_fte"]
    mark = STANDINGS[row["workload_standing"]][0]
    told = row["contradictions"] or ""
    return (
        Cell(name),
        *shares,
        Cell(f"{numbers.number(load, 1)} {mark}".strip(), None if load is None else float(load)),
        Cell(told, tone="watch" if told else None),
    )


def _standing_cell(share, top: int | None, bottom: int | None, standing: str) -> Cell:
    mark, tone = STANDINGS[standing]
    if not bottom:
        return Cell(numbers.NONE)
    shown = f"{numbers.percent(share, 0)} ({top} of {bottom})"
    return Cell(shown, tone=tone) if tone else Cell(f"{shown} {mark}".strip())


def flow(context: Context, block: spec.Flow) -> list[Block]:
    """Cases that came and went in the period, one row a team and one for the whole."""
    kind = "week" if context.kind(block) == "week" else "month"
    rows = [row for row in context.lists.flow.get("flow", ()) if row["period_kind"] == kind]
    end = max((row["period_end"] for row in rows), default=None)
    found = {(row["level"], row["unit_code"]): row for row in rows if row["period_end"] == end}
    teams = teams_of(context)
    listed = [(name, found["team", code]) for code, name in teams.items() if ("team", code) in found]
    whole = found.get((context.level, context.unit_code))
    if whole and context.level != "team":
        listed.append((context.unit_name, whole))
    if not listed:
        return [Note("No cases were held in the period.")]
    names = ("open_at_start", "opened", "transferred_in", "closed", "transferred_out", "open_at_end")
    labels = ("Open at the start", "Opened", "Transferred in", "Closed", "Transferred out", "Open at the end")
    body = tuple(
        (Cell(name), *(Cell(numbers.number(row[column]), float(row[column])) for column in names))
        for name, row in listed
    )
    when = numbers.span(kind, listed[0][1]["period_start"], end)
    columns = (Column("Team"), *(Column(label, "number") for label in labels))
    note = _flow_note(listed)
    return [Table(f"{block.title}, {when}", columns, body, note)]


def _flow_note(listed: Sequence[tuple[str, Mapping]]) -> str:
    """What the last row, the whole, adds up to."""
    name, row = listed[-1]
    change = row["open_at_end"] - row["open_at_start"]
    moved = (
        f"{abs(change)} {'more' if change > 0 else 'fewer'} than at its start" if change else "as many as at its start"
    )
    return f"{name}: {numbers.number(row['open_at_end'])} open at the end of the period, {moved}."
