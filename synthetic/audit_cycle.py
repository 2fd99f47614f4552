"""What follows a made-up audit: the steps of the council's cycle with their dates, re-audits, and actions."""

from __future__ import annotations

from sightline.framework import Step
from synthetic.audits import Audit, Auditing, reaudit
from synthetic.practice import CANARY, Practice

# Share of steps and actions done in time, and done late; the rest is left open (assumption).
IN_TIME, LATE = 0.76, 0.16
MOVES = 0.75
ACTIONS = ("Update the chronology", "See the child alone", "Bring the plan up to date", "Record the supervision",
           "Ask the school for its view", "Share the learning at the team meeting")  # fmt: skip


class Cycle:
    """Runs each first audit through the steps that apply to it."""

    def __init__(self, auditing: Auditing):
        self.auditing, self.practice, self.rng = auditing, auditing.practice, auditing.rng
        self.taken: list[tuple[Audit, Step, int, str]] = []

    def run(self) -> None:
        """Date the steps of every completed audit that is no re-audit."""
        for audit in [audit for audit in self.auditing.audits if audit.is_done]:
            self._follow(audit)

    def _follow(self, audit: Audit) -> None:
        events = {"allocated": audit.allocated, "completed": audit.completed}
        if audit.moderated:
            events["moderated"] = audit.moderated[1]
        chain = [audit]
        for step in self.practice.council.steps:
            after = events.get(step.after)
            if after is None or not self._applies(step, chain):
                continue
            due = self.practice.later(after, step.due_in, step.due_unit)
            done, by = self._reaudit(step, chain, due) if step.is_reaudit else self._take(step, audit, after, due)
            if done is not None and done <= self.practice.last:
                events[step.id] = done
                self.taken.append((audit, step, done, by))
            if step.track_until and not step.is_reaudit:
                self._track(step, chain, due)

    def _applies(self, step: Step, chain: list[Audit]) -> bool:
        if step.audit_types and chain[0].audit_type.id not in step.audit_types:
            return False
        if not step.grades:
            return True
        grades = {
            "first": chain[0].grade,
            "moderated": chain[0].moderated[0] if chain[0].moderated else "",
            "reaudit": chain[1].grade if len(chain) > 1 else "",
        }
        return grades[step.grade_basis] in step.grades

    def _take(self, step: Step, audit: Audit, after: int, due: int) -> tuple[int | None, str]:
        """When and by whom a step was taken; None where it is still owed."""
        draw, day = self.rng.random(), None
        slack = 0.2 if self.practice.in_trouble(audit.team, due) else 0
        if draw < IN_TIME - slack:
            day = self.rng.randint(min(after + 3, due), due)
        elif draw < IN_TIME + LATE - slack:
            day = due + self.rng.randint(1, 30)
        if day is None:
            return None, ""
        day = self.practice.days.on_or_after(day)
        return day, self.practice.holder(step.owner_role, audit.team, day)

    def _reaudit(self, step: Step, chain: list[Audit], due: int) -> tuple[int | None, str]:
        """A further audit of the chain, for the step; by the first auditor while in post, now and then by another."""
        allocated = max(due - 27, chain[-1].allocated + 1)
        if allocated > self.practice.last:
            return None, ""
        auditor = self._auditor(step, chain[0], allocated)
        again = reaudit(chain[-1], auditor, allocated, due)
        self.auditing.complete(again, self._shift(chain[-1]))
        self.auditing.audits.append(again)
        if not again.is_done:
            return None, ""
        chain.append(again)
        if step.track_until:
            self._track(step, chain, due)
        return again.completed, auditor

    def _track(self, step: Step, chain: list[Audit], due: int) -> None:
        """Audit again every other month until the grade is reached, at most three times."""
        for _ in range(3):
            if chain[-1].grade in step.track_until or due + 61 > self.practice.last:
                return
            due = self.practice.later(due, 3, "cycle_months")
            again = reaudit(chain[-1], self._auditor(step, chain[0], due), max(due - 27, chain[-1].allocated + 1), due)
            if again.allocated > self.practice.last:
                return
            self.auditing.complete(again, self._shift(chain[-1]))
            self.auditing.audits.append(again)
            if not again.is_done:
                return
            chain.append(again)

    def _auditor(self, step: Step, first: Audit, day: int) -> str:
        posts = self.practice.posts[first.role]
        is_there = any(post.worker == first.auditor and post.covers(day) for post in posts)
        if is_there and (step.by_original_auditor or self.rng.random() < 0.5) and self.rng.random() < 0.95:
            return first.auditor
        return self.practice.holder(step.owner_role, first.team, day) or first.auditor

    @staticmethod
    def _shift(audit: Audit) -> float:
        """Re-audits start from half of the last score and mostly better it."""
        return audit.score * 0.5 + MOVES

    def rows(self) -> list[tuple]:
        """Rows of `audit_step`; the audits have their numbers."""
        text = self.practice.text
        return [(audit.number, step.id, text(done), by) for audit, step, done, by in self.taken]


def action_rows(practice: Practice, audits: list[Audit]) -> list[tuple]:
    """Rows of `audit_action`: more where the grade is poor; of a case, a team or the whole service."""
    good = {grade.id for grade in practice.council.grades if grade.is_good}
    found: list[tuple] = []
    for audit in audits:
        if not audit.is_done or audit.completed > practice.last:
            continue
        most = 2 if audit.grade in good else 4
        for _ in range(practice.rng.randint(most // 3, most)):
            found.append(_action(practice, audit, f"AA{len(found) + 1:06d}"))
    return found


def _action(practice: Practice, audit: Audit, number: str) -> tuple:
    rng, limits = practice.rng, practice.council.actions
    level = rng.choices(("case", "team", "system"), (0.72, 0.2, 0.08))[0]
    assigned = audit.due if limits.clock_start == "audit_period_end" else audit.completed
    due = practice.later(assigned, limits.due_in * {"case": 1, "team": 2, "system": 3}[level], limits.due_unit)
    role = {"case": "", "team": "team_manager", "system": "head_of_service"}[level]
    owner = practice.holder(role, audit.team, assigned) if role else audit.case.worker
    return (
        number, audit.number, level, owner, audit.team, practice.text(assigned), practice.days.text(due),
        practice.text(_done(practice, audit, assigned, due)), f"Invented text, {CANARY}: {rng.choice(ACTIONS)}.",
    )  # fmt: skip


def _done(practice: Practice, audit: Audit, assigned: int, due: int) -> int | None:
    draw, slack = practice.rng.random(), 0.3 if practice.in_trouble(audit.team, due) else 0
    if draw < IN_TIME - slack:
        return practice.rng.randint(assigned, due)
    if draw < IN_TIME + LATE - slack / 2:
        return due + practice.rng.randint(1, 40)
    return None
