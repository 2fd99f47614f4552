"""Blocks for officers: duties, children due, caseloads, audit grades. No names, only case-system identifiers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from publish import numbers, sentences, sparkline, spec
from publish.blocks_groups import units_below
from publish.charts import BLUE, PLUM
from publish.context import Context, amount
from publish.document import Block, Cell, Chart, Column, Note, Released, Table

OVER, SOON = "#B3400C", "#0B6B64"
TREND_MONTHS = 6


def _own(context: Context, rows: Sequence[Mapping]) -> list[Mapping]:
    """The rows of the report's unit."""
    if context.level == "council":
        return list(rows)
    codes = {context.unit_code} if context.level == "team" else {t.code for t in context.store.teams(context.unit_code)}
    return [row for row in rows if row["team_code"] in codes]


def _horizons(context: Context) -> tuple[int, int]:
    return int(context.threshold("due_soon_days", 7)), int(context.threshold("due_later_days", 14))


def _bucket(row: Mapping, soon: int, later: int) -> str:
    """met, late, overdue, soon, later or ahead."""
    if row["state"] != "due":
        return row["state"]
    return "soon" if row["days_left"] <= soon else "later" if row["days_left"] <= later else "ahead"


def duty_summary(context: Context, block: spec.DutySummary) -> list[Block]:
    """Duties by clock, with a bar of what is overdue and due."""
    soon, later = _horizons(context)
    recent = _own(context, context.lists.duties)
    counts: dict[str, Counter] = defaultdict(Counter)
    worst: dict[str, int] = defaultdict(int)
    for row in recent:
        counts[row["title"]][_bucket(row, soon, later)] += 1
        if row["state"] == "overdue":
            worst[row["title"]] = max(worst[row["title"]], -row["days_left"])
    if not counts:
        return [Note("No duties are open or were closed in the period.")]
    total = sum(counts.values(), Counter())
    _remember(context, total)
    names = (("overdue", "Overdue"), ("soon", f"Due in {soon} days"), ("later", f"Due in {soon + 1} to {later} days"))
    text = ", ".join(f"{label}: {numbers.number(total[key])}" for key, label in names) + "."
    svg = sparkline.stacked(
        [(label, total[key], colour) for (key, label), colour in zip(names, (OVER, PLUM, BLUE), strict=True)], text
    )
    columns = (
        Column("Duty"),
        Column("Overdue", "number"),
        Column("Longest overdue, days", "number"),
        Column(f"Due in {soon} days", "number"),
        Column(f"Due in {soon + 1} to {later} days", "number"),
        Column("Due after", "number"),
        Column("Met since the period began", "number"),
        Column("Missed since then", "number"),
    )
    rows = [_duty_row(title, counts[title], worst[title]) for title in sorted(counts)]
    rows.append(_duty_row("All duties", total, max(worst.values(), default=0)))
    return [Chart("Duties now", text, text, svg, Table("Duties by kind", columns, tuple(rows)), is_wide=True)]


def _duty_row(title: str, found: Counter, worst: int) -> tuple[Cell, ...]:
    values = (found["overdue"], worst, found["soon"], found["later"], found["ahead"], found["met"], found["late"])
    cells = [Cell(numbers.number(v), float(v)) for v in values]
    cells[0] = Cell(cells[0].text, cells[0].number, "bad" if found["overdue"] else None)
    return (Cell(title), *cells)


def _remember(context: Context, total: Counter) -> None:
    """Keep the duty totals among the released figures."""
    for state, count in sorted(total.items()):
        key = (context.section, "duty", context.level, context.unit_code, "state", state, "day", context.as_at)
        context.released[key] = Released(
            *key[:-1], context.as_at, context.as_at, count, None, count, "ok", numbers.number(count)
        )


def duty_list(context: Context, block: spec.DutyList) -> list[Block]:
    """Children whose duty is overdue (the longest first) or due within the second horizon (the next first)."""
    soon, later = _horizons(context)
    rows = [r for r in _own(context, context.lists.duties) if r["state"] == block.state and r["is_listed"]]
    if block.state == "due":
        rows = [r for r in rows if r["days_left"] <= later]
    rows.sort(key=lambda r: (r["days_left"], r["title"], r["duty_id"]))
    title = "Overdue" if block.state == "overdue" else f"Due in the next {later} days"
    if not rows:
        return [Note(f"{title}: none.")]
    names = context.identifiers([r["child_key"] for r in rows if r["child_key"]])
    columns = (
        Column("Child"),
        Column("Duty"),
        Column("Worker"),
        Column("Due", "date"),
        Column("When"),
        Column("Clock started", "date"),
    )
    body = tuple(_child_row(context, row, names, soon) for row in rows)
    note = (
        "Children appear by their identifier in the case system, never by name. Each list that is made is recorded. "
        "Records that are restricted are counted above and may be left out here."
    )
    return [Table(f"{title}: {numbers.plural(len(rows), 'duty', 'duties')}", columns, body, note)]


def _when(left: int, *, is_overdue: bool) -> str:
    """Say how many days are left; a clock in hours may be overdue on its last day."""
    if is_overdue:
        return f"{numbers.plural(-left, 'day')} overdue" if left else "since today"
    return f"in {numbers.plural(left, 'day')}" if left else "today"


def _child_row(context: Context, row: Mapping, names: Mapping[str, str], soon: int) -> tuple[Cell, ...]:
    left, is_overdue = row["days_left"], row["state"] == "overdue"
    tone = "bad" if is_overdue else "watch" if left <= soon else "neutral"
    worker = "Not allocated" if row["worker_code"] == "unallocated" else row["worker_code"]
    return (
        Cell(names.get(row["child_key"], "not known")),
        Cell(row["title"]),
        Cell(worker),
        Cell(numbers.short_day(row["due_on"])),
        Cell(_when(left, is_overdue=is_overdue), tone=tone),
        Cell(numbers.short_day(row["start_on"]) if row["start_on"] else numbers.NONE),
    )


def caseload(context: Context, block: spec.Caseload) -> list[Block]:
    """Children by worker, those newly allocated and closed, and what is overdue or due soon for each."""
    soon, _ = _horizons(context)
    high = context.threshold("caseload_high", 0)
    duties: dict[str, Counter] = defaultdict(Counter)
    for row in _own(context, context.lists.duties):
        duties[row["worker_code"]][_bucket(row, soon, soon)] += 1
    rows = sorted(
        _own(context, context.lists.workload),
        key=lambda r: (r["worker_code"] == "unallocated", -r["children"], r["worker_code"]),
    )
    body = tuple(_worker_row(row, duties[row["worker_code"]], high) for row in rows)
    columns = (
        Column("Worker"),
        Column("Children", "number"),
        Column("Full-time equivalent", "decimal"),
        Column("Children per full-time post", "decimal"),
        Column("Allocated in 28 days", "number"),
        Column("Closed in 28 days", "number"),
        Column("Duties overdue", "number"),
        Column(f"Duties due in {soon} days", "number"),
    )
    note = (
        f"◆ marks more than {numbers.number(high)} children for each full-time post{_example(context)}." if high else ""
    )
    found: list[Block] = (
        [Table("Caseload by worker", columns, body, note)] if body else [Note("No cases are held in this team.")]
    )
    nobody = sum(
        1
        for row in _own(context, context.lists.duties)
        if row["worker_code"] == "unallocated" and row["closed_on"] is None
    )
    if nobody:
        found.append(
            Note(f"{numbers.plural(nobody, 'open duty has', 'open duties have')} no allocated worker.", tone="watch")
        )
    return found


def _example(context: Context) -> str:
    found = context.council.thresholds.get("caseload_high")
    return " (example)" if found and found.example else ""


def _worker_row(row: Mapping, found: Counter, high: float) -> tuple[Cell, ...]:
    rate = row["cases_per_fte"]
    tone = "watch" if high and rate is not None and rate > high else None
    name = "Not allocated" if row["worker_code"] == "unallocated" else row["worker_code"]
    fte = row["fte"]
    return (
        Cell(name),
        Cell(numbers.number(row["children"]), float(row["children"])),
        Cell(numbers.number(fte, 1), None if fte is None else float(fte)),
        Cell(numbers.number(rate, 1), None if rate is None else float(rate), tone),
        *(Cell(numbers.number(row[name]), float(row[name])) for name in ("opened_28_days", "closed_28_days")),
        Cell(numbers.number(found["overdue"]), float(found["overdue"]), "bad" if found["overdue"] else None),
        Cell(numbers.number(found["soon"]), float(found["soon"])),
    )


def audit_grades(context: Context, block: spec.AuditGrades) -> list[Block]:
    """Overall grades by team: counts, and the share good or better in this and the months before."""
    kind = context.kind(block)
    units = [(u.name, (block.level, u.code)) for u in units_below(context, block.level)]
    units.append((f"{context.unit_name}, all", (context.level, context.unit_code)))
    ends = [f.period_end for f in context.series("AUD-01", kind, TREND_MONTHS)]
    grades = sorted(context.council.grades, key=lambda g: g.rank)
    counts, trend = [], []
    for name, unit in units:
        audits = context.figure("AUD-01", kind, unit=unit)
        if audits and any((context.figure("AUD-01", kind, end, unit) or audits).value for end in ends):
            counts.append((Cell(name), context.cell(audits), *_grade_cells(context, audits, grades, kind)))
            trend.append(
                (Cell(name), *(_good_cell(context, context.figure("AUD-02", kind, end, unit)) for end in ends))
            )
    if not counts:
        return [Note("No audits were completed in this period or the months before.")]
    when = numbers.span(kind, context.period.start, context.period.end)
    first = Table(
        f"Overall grades, {when}",
        (Column(block.level.capitalize()), Column("Audits", "number"), *(Column(g.label, "number") for g in grades)),
        tuple(counts),
    )
    labels = tuple(Column(numbers.tick(kind, end), "percent") for end in ends)
    note = "Good or better of all graded audits, with the number of audits. ○ fewer than 6: the share says little."
    return [
        first,
        Table("Share graded good or better", (Column(block.level.capitalize()), *labels), tuple(trend), note),
    ]


def _grade_cells(context: Context, audits, grades, kind: str) -> list[Cell]:
    found = context.store.categories("AUD-01", audits.level, audits.unit_code, "detail", kind, audits.period_end)
    by_grade = {f.category: f for f in found}
    return [context.cell(by_grade[g.id]) if g.id in by_grade else Cell("0", 0.0) for g in grades]


def _good_cell(context: Context, figure) -> Cell:
    if figure is None or figure.value is None:
        return Cell(numbers.NONE)
    indicator = context.store.indicators["AUD-02"]
    context.show(figure)
    tone = "none" if sentences.is_small(figure) else None
    return Cell(
        f"{amount(indicator, figure.value)} ({numbers.number(figure.numerator)}/{numbers.number(figure.denominator)})",
        float(numbers.half_up(figure.value, 1)),
        tone,
    )


def audit_domains(context: Context, block: spec.AuditDomains) -> list[Block]:
    """Domain grades of the period, and each domain's share good or better by team."""
    start, end = context.period.start, context.period.end
    rows = _own(context, context.lists.domains)
    now = [r for r in rows if start <= r["completed_on"] <= end]
    if not now:
        return [Note("No audit with domain grades was completed in this period.")]
    labels = {d.id: d.label for d in context.council.domains}
    grades = sorted(context.council.grades, key=lambda g: g.rank)
    columns = (
        Column("Domain"),
        Column("Graded", "number"),
        *(Column(g.label, "number") for g in grades),
        Column("Good or better", "percent"),
        Column("The six months before", "percent"),
    )
    body = []
    for domain in [*labels, *sorted({r["domain"] for r in now} - set(labels))]:
        graded = [r for r in now if r["domain"] == domain]
        if graded:
            earlier = [
                r for r in rows if r["domain"] == domain and _months_before(start, r["completed_on"]) in range(1, 7)
            ]
            counts = Counter(r["grade"] for r in graded)
            _remember_domain(context, domain, graded)
            body.append(
                (
                    Cell(labels.get(domain, domain)),
                    Cell(str(len(graded)), len(graded)),
                    *(Cell(str(counts[g.id]), counts[g.id]) for g in grades),
                    _good_share(graded),
                    _good_share(earlier),
                )
            )
    return [Table("Domain grades", columns, tuple(body)), _domains_by_unit(context, block.level, now, labels)]


def _months_before(start: date, on: date) -> int:
    return (start.year - on.year) * 12 + start.month - on.month


def _good_share(rows: list) -> Cell:
    if not rows:
        return Cell(numbers.NONE)
    good = sum(1 for r in rows if r["is_good"])
    share = 100 * good / len(rows)
    tone = "none" if len(rows) < 6 else None
    return Cell(f"{numbers.percent(share)} ({good}/{len(rows)})", float(numbers.half_up(share, 1)), tone)


def _remember_domain(context: Context, domain: str, rows: list) -> None:
    good = sum(1 for r in rows if r["is_good"])
    cell = _good_share(rows)
    key = (context.section, "AUD-02", context.level, context.unit_code, "domain", domain, context.period.kind)
    context.released[key] = Released(
        *key,
        context.period.start,
        context.period.end,
        good,
        len(rows),
        numbers.half_up(100 * good / len(rows), 6),
        "ok",
        cell.text,
    )


def _domains_by_unit(context: Context, level: str, rows: list, labels: Mapping[str, str]) -> Table:
    field = "team_code" if level == "team" else "service_code"
    domains = [d for d in labels if any(r["domain"] == d for r in rows)]
    body = []
    for unit in units_below(context, level):
        own = [r for r in rows if r[field] == unit.code]
        if own:
            body.append((Cell(unit.name), *(_good_share([r for r in own if r["domain"] == d]) for d in domains)))
    columns = (Column(level.capitalize()), *(Column(labels[d], "percent") for d in domains))
    return Table(
        f"Share good or better, by {level} and domain",
        columns,
        tuple(body),
        "○ fewer than 6 grades: the share says little.",
    )
