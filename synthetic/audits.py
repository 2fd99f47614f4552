"""Made-up audits, as a council's framework expects them: allocated, done, late or owed, graded, moderated.

The grade comes from a score: the team's quality at the time, plus chance. Domain grades scatter about it and agree
with it on average.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from statistics import NormalDist

from sightline.framework import AuditType, Expectation, Theme
from synthetic.days import add_months
from synthetic.practice import CANARY, Case, Practice, windows

# Shares of good grades and of the outermost grades, near what inspected councils report of themselves (assumption).
GOOD, BEST, WORST = 0.58, 0.08, 0.08
AUDITED = ("audit", "dip_sample", "observation")
FINDINGS = (
    "Plans were clear",
    "Visits were purposeful",
    "Analysis needs depth",
    "Supervision was irregular",
    "The child's wishes led the plan",
    "Chronology was out of date",
    "Partners were involved early",
)


@dataclass
class Audit:
    """One audit; days are ordinals, `completed` None while it is owed."""

    audit_type: AuditType
    team: str
    case: Case | None
    auditor: str
    role: str
    allocated: int
    due: int
    theme: str = ""
    area: str = ""
    completed: int | None = None
    score: float = 0.0
    grade: str = ""
    moderated: tuple[str, int, str] | None = None
    previous: Audit | None = None
    number: str = ""
    domains: dict[str, str] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Whether it has been completed."""
        return self.completed is not None


class Auditing:
    """Makes audits and keeps them in the order made."""

    def __init__(self, practice: Practice):
        self.practice, self.rng = practice, practice.rng
        self.types = {item.id: item for item in practice.council.audit_types}
        self.grades = sorted(practice.council.grades, key=lambda grade: grade.rank)
        self.audits: list[Audit] = []
        self.diligence: dict[str, float] = {}

    def expected(self) -> None:
        """The audits that each expectation asks for, in every window up to the as-at date."""
        for item in self.practice.council.expectations:
            if item.activity not in AUDITED:
                continue
            for start, end in windows(self.practice.first, self.practice.last, item.every_months, item.from_month):
                for auditor, teams in self._owed(item, start):
                    for number in range(item.number):
                        kind = self.types[item.audit_types[number % len(item.audit_types)]]
                        self.make(kind, item.role, auditor, teams, (start, end))

    def _owed(self, item: Expectation, day: int) -> list[tuple[str, list[str]]]:
        """Who owes audits in the window that starts on `day`, and from which teams."""
        practice = self.practice
        if item.per == "linked_team":
            pairs = [(unit, posts) for (unit, role), posts in practice.links.items() if role == item.role]
            return [(post.worker, [unit]) for unit, posts in pairs for post in posts if post.covers(day)]
        posts = [post for post in practice.posts[item.role] if post.covers(day)]
        if item.per == "council":
            posts = posts[:1]
        if item.scope == "own_team":
            return [(post.worker, [post.unit]) for post in posts]
        if item.scope == "own_service":
            return [(post.worker, practice.teams_with_cases(day, {post.unit})) for post in posts]
        return [(post.worker, practice.teams_with_cases(day)) for post in posts]

    def make(
        self, kind: AuditType, role: str, auditor: str, teams: list[str], window: tuple[int, int], theme: str = ""
    ) -> Audit | None:
        """Allocate an audit of a case of these teams in the window, and do it or not. None where there is no case."""
        practice, (start, end) = self.practice, window
        allocated = practice.days.on_or_after(start + self.rng.randrange(0, 4))
        case = practice.case(teams or practice.teams_with_cases(allocated), allocated) if allocated <= end else None
        case = case or practice.case(practice.teams_with_cases(allocated) or [""], allocated)
        if case is None or allocated > practice.last:
            return None
        area = practice.focus_area(case.team)
        audit = Audit(kind, case.team, case, auditor, role, allocated, end, theme, area)
        self.complete(audit)
        self.audits.append(audit)
        return audit

    def complete(self, audit: Audit, shift: float = 0.0) -> None:
        """Do the audit in time, late or not at all, and grade it; `shift` moves the score."""
        practice, rng = self.practice, self.rng
        reliable = self.diligence.setdefault(audit.auditor, rng.uniform(0.78, 0.99))
        reliable -= 0.25 if practice.in_trouble(audit.team, audit.due) else 0
        draw, day = rng.random(), None
        if draw < reliable:
            day = rng.randint(audit.allocated, max(audit.allocated, audit.due))
        elif draw < reliable + (1 - reliable) * 0.5:
            day = audit.due + rng.randint(1, 25)
        if day is not None and (day := practice.days.on_or_after(day)) <= practice.last:
            audit.completed = day
            self._grade(audit, shift)

    def _grade(self, audit: Audit, shift: float) -> None:
        """Overall grade and coherent domain grades."""
        practice, rng = self.practice, self.rng
        years = (audit.completed - practice.last) / 365.25
        mean = 0.15 + 0.06 * years - (1.0 if practice.in_trouble(audit.team, audit.completed) else 0.0)
        audit.score = rng.gauss(mean, 1) + shift
        if not audit.audit_type.is_graded:
            return
        rank = self._rank(audit.score)
        audit.grade = self.grades[rank].id
        domains = self._graded_domains(audit)
        steps = [rng.choices((-1, 0, 1), (0.2, 0.62, 0.18))[0] for _ in domains]
        ranks = [min(max(rank + step, 0), len(self.grades) - 1) for step in steps]
        if abs(sum(ranks) / len(ranks) - rank) > 0.5:
            ranks = [rank] * len(ranks)
        audit.domains = {name: self.grades[n].id for name, n in zip(domains, ranks, strict=True)}

    def _rank(self, score: float) -> int:
        """Place of the grade (0 the best) that the score's share of the standard normal falls in."""
        rest, total = 1 - NormalDist().cdf(score), 0.0
        for place, weight in enumerate(self._weights()):
            total += weight
            if rest < total:
                return place
        return len(self.grades) - 1

    def _weights(self) -> list[float]:
        good = [grade.is_good for grade in self.grades]
        n, m = sum(good), len(good) - sum(good)
        best = [GOOD] if n == 1 else [BEST, *[(GOOD - BEST) / (n - 1)] * (n - 1)]
        worst = [1 - GOOD] if m == 1 else [*[(1 - GOOD - WORST) / (m - 1)] * (m - 1), WORST]
        return best + worst

    def _graded_domains(self, audit: Audit) -> list[str]:
        """Every domain in a full audit (now and then one does not apply), some elsewhere; always the fixed ones."""
        share = 0.95 if audit.audit_type.depth == "full" else 0.55
        chosen = [d.id for d in self.practice.council.domains if d.always_graded or self.rng.random() < share]
        return chosen or [self.practice.council.domains[0].id]

    def programme(self) -> list[tuple]:
        """Rows of the programme by quarter, and the themed audits that it plans."""
        rows, first, last = [], self.practice.first, self.practice.last
        begun = self.practice.council.programme.starts_on.value
        for start, end in windows(first, last, 3, 4):
            quarter = _months(begun, date.fromordinal(start)) // 3
            for theme in self.practice.council.programme.themes:
                planned = _share(theme, quarter)
                number = f"AP{len(rows) + 1:05d}"
                rows.append((number, _quarter(start), theme.id, theme.audit_type, theme.auditor_role, planned))
                self._plan(theme, planned - self._adopt(theme, planned, (start, end)), (start, end))
        return rows

    def _adopt(self, theme: Theme, planned: int, window: tuple[int, int]) -> int:
        """Put expected audits of the same type and role in the theme's area under the theme; returns how many."""
        services = self._services(theme)
        open_to = [
            audit for audit in self.audits
            if not audit.theme and audit.audit_type.id == theme.audit_type and audit.role == theme.auditor_role
            and window[0] <= audit.allocated <= window[1] and self.practice.services.get(audit.team) in services
        ][:planned]  # fmt: skip
        for audit in open_to:
            audit.theme, audit.area = theme.id, theme.focus_area or audit.area
        return len(open_to)

    def _services(self, theme: Theme) -> set[str]:
        areas = [a for a in self.practice.council.focus_areas if theme.focus_area in (None, a.id)]
        return {service for area in areas for service in area.services}

    def _plan(self, theme: Theme, number: int, window: tuple[int, int]) -> None:
        """Allocate themed audits to the holders of the auditor's role in turn."""
        posts = [post for post in self.practice.posts[theme.auditor_role] if post.covers(window[0])]
        for place in range(number if posts else 0):
            teams = self.practice.teams_with_cases(window[0], self._services(theme))
            kind, auditor = self.types[theme.audit_type], posts[place % len(posts)].worker
            audit = self.make(kind, theme.auditor_role, auditor, teams, window, theme.id)
            if audit:
                audit.area = theme.focus_area or audit.area

    def moderate(self) -> None:
        """The moderations that the framework expects, of audits completed in the window; some disagree by a grade."""
        for item in self.practice.council.expectations:
            if item.activity != "moderation":
                continue
            for start, end in windows(self.practice.first, self.practice.last, item.every_months, item.from_month):
                holders = [post.worker for post in self.practice.posts[item.role] if post.covers(start)]
                holders = holders[:1] if item.per == "council" else holders
                done = [a for a in self.audits if a.grade and a.completed and start <= a.completed <= end]
                done = [a for a in done if a.audit_type.id in item.audit_types and not a.moderated]
                for holder in [holder for holder in holders for _ in range(item.number)]:
                    others = [a for a in done if a.auditor != holder]
                    if others:
                        chosen = self.rng.choice(others)
                        done.remove(chosen)
                        self._moderate(chosen, holder)

    def _moderate(self, audit: Audit, holder: str) -> None:
        rank = next(place for place, grade in enumerate(self.grades) if grade.id == audit.grade)
        step = self.rng.choices((-1, 0, 1), (0.05, 0.82, 0.13))[0]
        grade = self.grades[min(max(rank + step, 0), len(self.grades) - 1)].id
        day = self.practice.days.on_or_after(audit.completed + self.rng.randint(1, 18))
        if self.rng.random() < 0.93 and day <= self.practice.last:
            audit.moderated = (grade, day, holder)

    def rows(self) -> tuple[list[tuple], list[tuple]]:
        """Rows of `audit` and `audit_domain`; numbers the audits."""
        self.audits.sort(key=lambda audit: audit.allocated)
        for number, audit in enumerate(self.audits, start=1):
            audit.number = f"AU{number:06d}"
        domains = [(a.number, name, grade) for a in self.audits for name, grade in a.domains.items()]
        return [self._row(audit) for audit in self.audits], domains

    def _row(self, audit: Audit) -> tuple:
        practice, kind = self.practice, audit.audit_type
        grade, moderated, moderator = audit.moderated or ("", None, "")
        told, feedback = self._notice(audit)
        family = "Y" if audit.is_done and kind.looks_at == "child" and self.rng.random() < 0.55 else "N"
        return (
            audit.number, audit.case.child if kind.looks_at == "child" else "", kind.id, audit.theme, audit.area,
            audit.team, audit.case.worker, audit.auditor, audit.role, practice.text(audit.allocated),
            practice.days.text(audit.due), practice.text(audit.completed), audit.grade, grade,
            practice.text(moderated), moderator, audit.previous.number if audit.previous else "",
            practice.text(told), practice.text(feedback), family, "Y" if kind.is_multi_agency else "N",
            self._summary(audit),
        )  # fmt: skip

    def _notice(self, audit: Audit) -> tuple[int | None, int | None]:
        """When the worker was told before and given feedback after; more often where the framework asks for it."""
        asked = {notice.event for notice in self.practice.council.notices}
        told = audit.allocated + self.rng.randint(0, 4)
        last = audit.completed if audit.is_done else self.practice.last
        has_told = self.rng.random() < (0.86 if "before_audit" in asked else 0.5) and told <= last
        has_feedback = self.rng.random() < (0.8 if "after_audit" in asked else 0.6) and audit.is_done
        feedback = audit.completed + self.rng.randint(0, 12) if has_feedback else None
        return told if has_told else None, feedback

    def _summary(self, audit: Audit) -> str:
        found = "; ".join(self.rng.sample(FINDINGS, 2)) if audit.is_done else "Not yet done"
        return f"Invented text, {CANARY} audit. {found}."


def reaudit(audit: Audit, auditor: str, allocated: int, due: int) -> Audit:
    """A further audit of the same case by this auditor, not yet done."""
    again = Audit(audit.audit_type, audit.team, audit.case, auditor, audit.role, allocated, due, area=audit.area)
    again.previous = audit
    return again


def _share(theme: Theme, quarter: int) -> int:
    """What a quarter holds of a number planned for `every_months`, so that whole windows add up."""
    done = theme.planned * 3 * quarter // theme.every_months
    return theme.planned * 3 * (quarter + 1) // theme.every_months - done


def _months(begun: date, day: date) -> int:
    return (day.year - begun.year) * 12 + day.month - begun.month


def _quarter(start: int) -> str:
    day = date.fromordinal(add_months(start, -3))
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
