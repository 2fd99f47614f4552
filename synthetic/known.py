"""What is known of children once their cases are written: births, periods of care, plans, who holds the case.

The makers of further records read it, so that theirs agree with the rest. Days are ordinals, `end` is None while
something lasts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from random import Random

from sightline.framework import Council
from synthetic.days import age_on
from synthetic.practice import day_of, read_columns
from synthetic.workforce import ALLOCATED, CHAIR, IRO
from synthetic.world import COLUMNS, World

SHORT_BREAKS = "V4"


@dataclass(frozen=True, slots=True)
class Span:
    """A child's time in something: a period of care, a protection plan, a referral's case."""

    person: str
    number: str
    start: int
    end: int | None

    def last(self, world: World) -> int:
        """The last day of it up to the as-at date."""
        return world.as_at if self.end is None else min(self.end, world.as_at)


class Known:
    """Look-ups in a world's tables, without the planted faults."""

    def __init__(self, world: World, council: Council) -> None:
        self.world, self.council = world, council
        names = ("person_id", "dob", "expected_dob", "send_flag", "upn")
        people = self._rows("ssd_person", *(f"pers_{name}" for name in names))
        self.born = {person: day_of(dob or expected) for person, dob, expected, *_ in people}
        self.has_send = {person: flag == "Y" for person, *_, flag, _ in people}
        self.upns = {person: upn for person, *_, upn in people}
        names = ("person_id", "cp_plan_id", "cp_plan_start_date", "cp_plan_end_date")
        self.plans = self._spans("ssd_cp_plans", *(f"cppl_{name}" for name in names))
        names = ("person_id", "referral_id", "referral_date", "close_date")
        self.cases = self._spans("ssd_cin_episodes", *(f"cine_{name}" for name in names))
        self.first_case: dict[str, int] = {}
        for case in self.cases:
            self.first_case[case.person] = min(case.start, self.first_case.get(case.person, case.start))
        names = ("person_id", "legal_status", "legal_status_start_date", "legal_status_end_date")
        self.legal: dict[str, list[Span]] = defaultdict(list)
        for span in self._spans("ssd_legal_status", *(f"lega_{name}" for name in names)):
            self.legal[span.person].append(span)
        self.care = self._care()
        self._by_worker: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        self._chairs: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        self._held = self._allocations()
        self._posts: dict[str, list[tuple[str, str, int, int]]] = defaultdict(list)
        names = ("team_id", "professional_id", "role", "started_on", "ended_on")
        for team, worker, role, start, end in self._rows("staff_post", *names):
            if worker:
                self._posts[team].append((worker, role, day_of(start), day_of(end)))

    def age(self, person: str, day: int) -> int:
        """Completed years on a day; -1 before birth."""
        return age_on(self.born[person], day)

    def holder(self, person: str, day: int) -> tuple[str, str]:
        """(team, worker) of the case on a day; blanks where nobody is allocated."""
        held = self._held.get(person, [])
        place = bisect_right(held, day, key=lambda item: item[0]) - 1
        if place < 0 or (held[place][1] or day + 1) <= day:
            return "", ""
        return held[place][2], held[place][3]

    def case_of(self, worker: str, day: int, rng: Random) -> str:
        """A child whose case the worker holds on a day; blank where there is none."""
        held = [person for person, start, end in self._by_worker.get(worker, ()) if start <= day < (end or day + 1)]
        return rng.choice(held) if held else ""

    def chair(self, person: str, day: int) -> str:
        """Who chairs the child's conferences or reviews on a day; blank where nobody does."""
        items = self._chairs.get(person, ())
        return next((worker for start, end, worker in items if start <= day <= (end or day)), "")

    def teams_of(self, *kinds: str) -> list[str]:
        """The teams of the first of these kinds that the council has."""
        teams = self.council.organisation.teams
        return next(found for kind in kinds if (found := [team.id for team in teams if team.kind == kind]))

    def somebody(self, team: str, day: int, rng: Random) -> str:
        """A worker with a post in the team on that day; blank where there is none."""
        there = [worker for worker, _, start, end in self._posts[team] if start <= day < (end or day + 1)]
        return rng.choice(there) if there else ""

    def roles_in(self, team: str, day: int) -> list[str]:
        """The roles of the workers with a post in the team on that day, one each."""
        return [role for _, role, start, end in self._posts[team] if start <= day < (end or day + 1)]

    def is_in_care(self, person: str, day: int) -> bool:
        """Whether the child was looked after on a day, short breaks left out."""
        return any(span.start <= day < (span.end or day + 1) for span in self._by_person.get(person, ()))

    def _care(self) -> list[Span]:
        """Periods of care from first to last episode, without those that are series of short breaks."""
        names = ("cla_id", "person_id", "cla_episode_start_date", "cla_episode_ceased_date")
        episodes: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for number, person, start, end in self._rows("ssd_cla_episodes", *(f"clae_{name}" for name in names)):
            episodes[number, person].append((day_of(start), day_of(end)))
        found = []
        for (number, person), days in episodes.items():
            start, end = min(first for first, _ in days), max(days)[1]
            if not any(item.number == SHORT_BREAKS and item.start == start for item in self.legal[person]):
                found.append(Span(person, number, start, end or None))
        self._by_person: dict[str, list[Span]] = defaultdict(list)
        for span in found:
            self._by_person[span.person].append(span)
        return found

    def _allocations(self) -> dict[str, list[tuple[int, int, str, str]]]:
        names = ("person_id", "professional_role_id", "professional_id", "professional_team")
        names += ("involvement_start_date", "involvement_end_date")
        held: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
        for person, role, worker, team, start, end in self._rows("ssd_involvements", *(f"invo_{n}" for n in names)):
            if role == ALLOCATED:
                held[person].append((day_of(start), day_of(end), team, worker))
                self._by_worker[worker].append((person, day_of(start), day_of(end)))
            elif role in (CHAIR, IRO):
                self._chairs[person].append((day_of(start), day_of(end), worker))
        return {person: sorted(items) for person, items in held.items()}

    def _spans(self, feed: str, *names: str) -> list[Span]:
        return [
            Span(person, number, day_of(start), day_of(end) or None)
            for person, number, start, end in self._rows(feed, *names)
        ]

    def _rows(self, feed: str, *names: str) -> list[list[str]]:
        return list(read_columns(self.world.tables, COLUMNS, feed, *names))
