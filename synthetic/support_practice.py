"""Records of practice: moderations, 4R meetings, observations, practice days, supervision, themes, chairs' reports.

They follow the council's roles and the audits, posts and meetings written before. Shares are assumptions.
"""

from __future__ import annotations

from datetime import date
from random import Random

from sightline.framework import Council
from synthetic.known import Known
from synthetic.practice import CANARY, Post, Practice, day_of, read_columns, windows
from synthetic.quality import COLUMNS as QUALITY
from synthetic.world import COLUMNS, World

TEXT = f"Invented text, {CANARY}."
MODERATION_DAYS, MEETING = 20, "4R meeting"
SUPERVISION_DAYS, OBSERVATION_DAYS = 31, 365
PRACTICE_DAYS_A_YEAR = 3
SETTINGS = ("home_visit", "home_visit", "direct_work", "conference", "core_group", "review", "team_meeting")
MISSED = ("sickness", "leave", "vacancy", "workload", "workload", "other")
MEETINGS = (
    ("initial_conference", "ssd_initial_cp_conference", "icpc_icpc_id", "icpc_person_id", "icpc_icpc_date"),
    ("review_conference", "ssd_cp_reviews", "cppr_cp_review_id", "cppr_person_id", "cppr_cp_review_date"),
    ("looked_after_review", "ssd_cla_reviews", "clar_cla_review_id", "clar_cla_person_id", "clar_cla_review_date"),
)
REPORT_DAYS, MINUTES_DAYS = 10, 20


class Records:
    """Makes the rows; each kind of record has a stream of chance of its own."""

    def __init__(self, world: World, known: Known, council: Council) -> None:
        self.world, self.known, self.council = world, known, council
        self.practice = Practice(world.tables, COLUMNS, council, world.rng(32, 0), (world.first, world.as_at))
        self.manager = next(r.id for r in council.roles if r.level == "team" and not r.holds_cases)
        self.head = next(r.id for r in council.roles if r.level == "service")
        self.grades = [grade.id for grade in sorted(council.grades, key=lambda grade: grade.rank)]

    def write(self) -> None:
        """Fill the tables."""
        steps = (
            self._moderations, self._meetings, self._observations, self._practice_days, self._supervision,
            self._supervision_audits, self._commissions, self._dip_samples, self._chair_reports,
        )  # fmt: skip
        for number, step in enumerate(steps, 1):
            step(self.world.rng(32, number))

    def _audits(self, *names: str) -> list[list[str]]:
        return list(read_columns(self.world.tables, QUALITY, "audit", *names))

    def _workers(self) -> list[Post]:
        """Posts that hold cases, in order."""
        roles = sorted(role.id for role in self.council.roles if role.holds_cases)
        return [post for role in roles for post in self.practice.posts[role]]

    def _done(self, due: int, in_time: float, late: float, rng: Random) -> int | None:
        """When something due is done: in time, late, or not at all."""
        chance = rng.random()
        if chance > in_time + late:
            return None
        day = due - rng.randint(0, 10) if chance < in_time else due + rng.randint(1, 25)
        return self.world.days.on_or_before(day)

    def _flag(self, share: float, rng: Random) -> str:
        return "Y" if rng.random() < share else "N"

    def _moderations(self, rng: Random) -> None:
        """One row for each moderation that an audit tells of, settled where the grades differ."""
        names = ("audit_id", "completed_on", "overall_grade", "moderated_grade", "moderated_on", "moderator_id")
        for audit, completed, first, grade, on, moderator in self._audits(*names):
            if not moderator:
                continue
            role = next((post.role for post in self.practice.held[moderator]), "")
            settled = self.world.days.add(day_of(on), rng.randint(1, 6)) if grade != first else None
            is_settled = settled is not None and settled <= self.world.as_at
            self.world.tables["moderation"].append((
                self.world.next_id("MD"), audit, moderator, role, self._flag(0.3, rng), completed,
                self.world.days.text(self.world.days.add(day_of(completed), MODERATION_DAYS)), on, first, grade,
                self.world.on(settled), grade if is_settled else "", TEXT if is_settled else "",
            ))  # fmt: skip

    def _meetings(self, rng: Random) -> None:
        """A meeting for each inadequate audit, where the council's cycle has one; held when its step was taken."""
        step = next((step for step in self.council.steps if step.label == MEETING), None)
        taken = {
            audit: on for audit, step_id, on in read_columns(
                self.world.tables, QUALITY, "audit_step", "audit_id", "step", "done_on"
            ) if step and step_id == step.id
        }  # fmt: skip
        names = ("audit_id", "audit_type", "team_id", "completed_on", "overall_grade", "previous_audit_id")
        for audit, kind, team, completed, grade, previous in self._audits(*names):
            if step is None or previous or grade not in step.grades or kind not in (step.audit_types or [kind]):
                continue
            held, due = taken.get(audit, ""), self.practice.later(day_of(completed), step.due_in, step.due_unit)
            flags = (self._flag(0.85, rng), self._flag(0.93, rng), rng.randint(1, 5)) if held else ("", "", "")
            self.world.tables["meeting_4r"].append((
                self.world.next_id("4R"), audit, team, self.practice.holder(step.owner_role, team, day_of(completed)),
                completed, self.world.days.text(due), held, *flags, TEXT if held else "",
            ))  # fmt: skip

    def _observations(self, rng: Random) -> None:
        """Each holder of cases once a year, in the first year four times."""
        for post in self._workers():
            is_new = rng.random() < 0.15
            step = OBSERVATION_DAYS // 4 if is_new else OBSERVATION_DAYS
            day = post.start + step
            while day < min(post.end, self.world.as_at + 60):
                if day >= self.world.detail_from:
                    self._observation(post, day, is_new, rng)
                day += step

    def _observation(self, post: Post, due: int, is_new: bool, rng: Random) -> None:
        done = self._done(due, 0.72, 0.14, rng)
        done = done if done is not None and post.start < done <= min(self.world.as_at, post.end) else None
        observer, setting = self.practice.holder(self.manager, post.unit, done or due), rng.choice(SETTINGS)
        case = self.known.case_of(post.worker, done, rng) if done and setting != "team_meeting" else ""
        grade = rng.choices(self.grades, [3, *[8] * (len(self.grades) - 2), 3])
        self.world.tables["practice_observation"].append((
            self.world.next_id("OB"), post.worker, post.unit, observer, self.manager, setting, case,
            "Y" if is_new else "N", self.world.days.text(due), self.world.on(done), grade[0] if done else "",
            self.world.on(done + rng.randint(0, 9)) if done and rng.random() < 0.85 else "", TEXT if done else "",
        ))  # fmt: skip

    def _practice_days(self, rng: Random) -> None:
        """Three a calendar year for each manager, now and then one of the fortnight or a leader's visit."""
        teams = [team.id for team in self.council.organisation.teams]
        for role, kind in ((self.manager, "practice_day"), (self.head, "front_line_visit")):
            for post in self.practice.posts[role]:
                for start, end in windows(self.world.first, self.world.as_at, 12, 1):
                    for part in range(PRACTICE_DAYS_A_YEAR):
                        planned = self.world.days.on_or_after(start + part * 120 + rng.randint(0, 110))
                        if post.covers(planned) and planned <= min(end, self.world.as_at + 90):
                            self._practice_day(post, kind, planned, rng.choice(teams), rng)

    def _practice_day(self, post: Post, kind: str, planned: int, team: str, rng: Random) -> None:
        held = planned if rng.random() < 0.78 and planned <= self.world.as_at else None
        kind = "practice_fortnight" if date.fromordinal(planned).month == 11 else kind
        met = (rng.randint(1, 5), rng.randint(0, 3), TEXT) if held else ("", "", "")
        self.world.tables["practice_day"].append((
            self.world.next_id("PD"), kind, post.worker, post.role, team, self.world.days.text(planned),
            self.world.on(held), *met,
        ))  # fmt: skip

    def _supervision(self, rng: Random) -> None:
        """Each holder of cases every month; of four sessions one has a record for a child's case as well."""
        for post in self._workers():
            due = max(post.start, self.world.detail_from) + rng.randint(20, SUPERVISION_DAYS)
            while due < min(post.end, self.world.as_at + SUPERVISION_DAYS):
                in_trouble = self.practice.in_trouble(post.unit, due)
                held = self._done(due, 0.6 if in_trouble else 0.82, 0.12, rng)
                held = held if held is not None and post.start < held <= min(self.world.as_at, post.end) else None
                self._session(post, "personal", "", (due, held), rng)
                if held and rng.random() < 0.25 and (child := self.known.case_of(post.worker, held, rng)):
                    self._session(post, "case", child, (due, held), rng)
                due = max(held or due, due - SUPERVISION_DAYS // 2) + SUPERVISION_DAYS

    def _session(self, post: Post, kind: str, child: str, days: tuple[int, int | None], rng: Random) -> None:
        due, held = days
        signed = held + rng.randint(0, 20) if held and rng.random() < 0.88 else None
        missed = rng.choice(MISSED) if held is None and due < self.world.as_at - 20 else ""
        self.world.tables["supervision"].append((
            self.world.next_id("SV"), post.worker, self.practice.holder(self.manager, post.unit, held or due),
            post.unit, kind, child, self.world.days.text(due), self.world.on(held), self.world.on(signed), missed,
            self._flag(0.62, rng) if held else "",
        ))  # fmt: skip

    def _supervision_audits(self, rng: Random) -> None:
        """One worker of each team a quarter, by the head of service."""
        for start, end in windows(self.world.first, self.world.as_at, 3, 4):
            for team in sorted(self.practice.services):
                worker, head = self.known.somebody(team, start, rng), self.practice.holder(self.head, team, start)
                manager = self.practice.holder(self.manager, team, start)
                done = self._done(end, 0.75, 0.15, rng)
                done = done if done is not None and start < done <= self.world.as_at else None
                if worker:
                    found = [
                        rng.choice(self.grades[:-1]),
                        *(self._flag(share, rng) for share in (0.75, 0.6, 0.7)),
                        TEXT,
                    ]
                    self.world.tables["supervision_audit"].append((
                        self.world.next_id("SA"), worker, head if worker == manager else manager, team, head,
                        self.head, self.world.days.text(end),
                        self.world.on(done), *(found if done else [""] * 5),
                    ))  # fmt: skip

    def _commissions(self, rng: Random) -> None:
        """A thematic evaluation a quarter: terms agreed, reported in time, late or not yet."""
        themes = [(theme.id, theme.label, theme.audit_type) for theme in self.council.programme.themes]
        themes = themes or [(area.id, area.label, "") for area in self.council.focus_areas]
        for number, (start, end) in enumerate(windows(self.world.first, self.world.as_at, 3, 4)):
            theme, label, kind = themes[number % len(themes)]
            asked, due = self.world.days.on_or_after(start + rng.randint(0, 20)), end + rng.randint(0, 30)
            reported = self._done(due, 0.7, 0.2, rng)
            is_done = reported is not None and asked < reported <= self.world.as_at
            if asked <= self.world.as_at:
                self.world.tables["thematic_commission"].append((
                    self.world.next_id("TC"), f"{label}, {self.world.days.text(start)[:7]}",
                    rng.choice(("thematic", "thematic", "multi_agency", "benchmarking", "external_review")), theme,
                    "improvement board", self.practice.holder(self.head, "", asked), self.world.on(asked),
                    self.world.on(asked + rng.randint(3, 14)), self.world.days.text(due),
                    self.world.on(reported) if is_done else "", label, kind, rng.randint(6, 15),
                    rng.randint(2, 6) if is_done else "", TEXT, TEXT, TEXT, TEXT if is_done else "",
                ))  # fmt: skip

    def _dip_samples(self, rng: Random) -> None:
        """One a month in turn among the teams."""
        teams = sorted(self.practice.services)
        for number, (start, end) in enumerate(windows(self.world.first, self.world.as_at, 1, 4)):
            team, done = teams[number % len(teams)], self._done(end, 0.8, 0.12, rng)
            done = done if done is not None and start < done <= self.world.as_at else None
            size = rng.randint(5, 20)
            found = (rng.choice(("confirmed", "partly", "not_confirmed")), rng.randint(0, 4)) if done else ("", "")
            self.world.tables["dip_sample"].append((
                self.world.next_id("DS"), f"Dip sample {self.world.days.text(start)[:7]}", "", team,
                self.practice.holder(self.manager, team, start), size * rng.randint(3, 9), size,
                self.world.on(self.world.days.on_or_after(start)), self.world.days.text(end), self.world.on(done),
                *found, TEXT, TEXT if done else "",
            ))  # fmt: skip

    def _chair_reports(self, rng: Random) -> None:
        """A report after every conference and review of the window."""
        for kind, feed, *names in MEETINGS:
            for number, person, on in read_columns(self.world.tables, COLUMNS, feed, *names):
                if (day := day_of(on)) >= self.world.first:
                    self._chair_report(kind, number, person, day, rng)

    def _chair_report(self, kind: str, number: str, person: str, day: int, rng: Random) -> None:
        due = self.world.days.add(day, REPORT_DAYS)
        done = self.world.days.add(day, rng.randint(1, 9) if rng.random() < 0.84 else rng.randint(11, 30))
        is_done = rng.random() < 0.97 and done <= self.world.as_at
        sent = self.world.days.add(day, rng.randint(3, 20) if rng.random() < 0.8 else rng.randint(21, 40))
        answers = [self._flag(share, rng) for share in (0.74, 0.83, 0.79)]
        progress, escalated = rng.choices(("better", "same", "worse"), (5, 4, 1))[0], self._flag(0.05, rng)
        self.world.tables["chair_report"].append((
            self.world.next_id("CR"), person, kind, number, self.world.on(day), self.known.chair(person, day),
            self.known.holder(person, day)[0], self.world.days.text(due), self.world.on(done) if is_done else "",
            self.world.on(sent) if is_done else "", *((*answers, progress, escalated, TEXT) if is_done else [""] * 6),
        ))  # fmt: skip
