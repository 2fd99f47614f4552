"""What the makers of quality records share: who held which case and which post on a day.

Days are ordinals. Free text is invented and carries the word `Zephyrwick`, so that it can be searched for where it
must not be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from random import Random

from sightline.framework import Council
from synthetic.days import Days, add_months

CANARY = "Zephyrwick"
SPAN = 30
# The team in trouble has been so for the last 500 days, as its posts have (synthetic.workforce).
DAYS_OF_TROUBLE = 500
Tables = dict[str, list[tuple]]
Columns = dict[str, list[str]]


@dataclass(frozen=True)
class Case:
    """A child with a worker of a team: an allocation, an early help episode, a contact; `end` is exclusive."""

    child: str
    worker: str
    team: str
    start: int
    end: int

    def covers(self, day: int) -> bool:
        """Whether the case was held on that day."""
        return self.start <= day < self.end


@dataclass(frozen=True)
class Post:
    """One holding of a post, in a team or a service; `end` is exclusive."""

    worker: str
    role: str
    unit: str
    start: int
    end: int

    def covers(self, day: int) -> bool:
        """Whether the post was held on that day."""
        return self.start <= day < self.end


class Practice:
    """Cases, posts and team links of the made-up council, looked up by day."""

    def __init__(self, tables: Tables, columns: Columns, council: Council, rng: Random, span: tuple[int, int]):
        self.council, self.rng, self.days = council, rng, Days()
        self.first, self.last = span
        teams = council.organisation.teams
        self.services = {team.id: team.service for team in teams}
        self.kinds = {team.id: team.kind for team in teams}
        self.trouble = {team.id for team in teams if team.is_in_trouble}
        self.cases: dict[tuple[str, int], list[Case]] = defaultdict(list)
        self._index_posts(tables, columns)
        for case in chain(
            self._allocations(tables, columns), self._early_help(tables, columns), self._contacts(tables, columns)
        ):
            for part in range(max(case.start, self.first) // SPAN, min(case.end, self.last) // SPAN + 1):
                self.cases[case.team, part].append(case)

    def _allocations(self, tables: Tables, columns: Columns) -> Iterator[Case]:
        """Children allocated to workers; of the reviewing team, those whose plan it chairs or reviews."""
        names = ("professional_role_id", "person_id", "professional_id", "professional_team")
        names += ("involvement_start_date", "involvement_end_date")
        for role, *held, start, end in read_columns(tables, columns, "ssd_involvements", *(f"invo_{n}" for n in names)):
            if start and (role == "Allocated Case Worker" or self.kinds.get(held[-1]) == "reviewing"):
                yield Case(*held, day_of(start), day_of(end) or self.last + 1)

    def _early_help(self, tables: Tables, columns: Columns) -> Iterator[Case]:
        """Early help episodes, in the team where their worker has a post."""
        names = ("person_id", "episode_worker_id", "episode_start_date", "episode_end_date")
        for child, worker, start, end in read_columns(
            tables, columns, "ssd_early_help_episodes", *(f"earl_{n}" for n in names)
        ):
            unit = next((post.unit for post in self.held[worker] if post.covers(day_of(start))), "")
            if unit in self.services:
                yield Case(child, worker, unit, day_of(start), day_of(end) or self.last + 1)

    def _contacts(self, tables: Tables, columns: Columns) -> Iterator[Case]:
        """Contacts, with the front door for a month."""
        team = self.council.front_door_team
        posts = [post for pool in self.posts.values() for post in pool if post.unit == team]
        for number, (child, on) in enumerate(
            read_columns(tables, columns, "ssd_contacts", "cont_person_id", "cont_contact_date")
        ):
            if (day := day_of(on)) >= self.first:
                there = [post.worker for post in posts if post.covers(day)]
                yield Case(child, there[number % len(there)] if there else "", team, day, day + SPAN)

    def _index_posts(self, tables: Tables, columns: Columns) -> None:
        self.posts: dict[str, list[Post]] = defaultdict(list)
        for worker, role, unit, start, end in read_columns(
            tables, columns, "staff_post", "professional_id", "role", "team_id", "started_on", "ended_on"
        ):
            if worker:
                self.posts[role].append(Post(worker, role, unit, day_of(start), day_of(end) or self.last + 1))
        self.held: dict[str, list[Post]] = defaultdict(list)
        for post in chain.from_iterable(self.posts.values()):
            self.held[post.worker].append(post)
        self.links: dict[tuple[str, str], list[Post]] = defaultdict(list)
        for unit, role, worker, start, end in read_columns(
            tables, columns, "team_link", "team_id", "role", "professional_id", "started_on", "ended_on"
        ):
            self.links[unit, role].append(Post(worker, role, unit, day_of(start), day_of(end) or self.last + 1))

    def text(self, day: int | None) -> str:
        """ISO date; blank where there is none or it lies after the as-at date."""
        return "" if day is None or day > self.last else self.days.text(day)

    def case(self, teams: list[str], day: int) -> Case | None:
        """A case that one of the teams held on that day; None where there is none."""
        for _ in range(4 * len(teams)):
            around = self.cases.get((self.rng.choice(teams), day // SPAN), ())
            held = [case for case in around if case.covers(day)]
            if held:
                return self.rng.choice(held)
        return None

    def teams_with_cases(self, day: int, services: set[str] | None = None) -> list[str]:
        """Teams that hold cases around that day, of these services or of all."""
        wanted = [t for t, service in self.services.items() if services is None or service in services]
        return [team for team in wanted if self.cases.get((team, day // SPAN))]

    def holder(self, role: str, team: str, day: int) -> str:
        """Who holds a role for a team on that day: linked to it, in it, in its service, else any; blank if nobody."""
        pools = (
            self.links.get((team, role), ()),
            [post for post in self.posts[role] if post.unit == team],
            [post for post in self.posts[role] if post.unit == self.services.get(team)],
            self.posts[role],
        )
        return next((post.worker for post in chain(*pools) if post.covers(day)), "")

    def in_trouble(self, team: str, day: int) -> bool:
        """Whether this is the team in trouble, in its bad time."""
        return team in self.trouble and day > self.last - DAYS_OF_TROUBLE

    def focus_area(self, team: str) -> str:
        """The first focus area whose services the team belongs to; blank where there is none."""
        service = self.services.get(team)
        return next((area.id for area in self.council.focus_areas if service in area.services), "")

    def later(self, day: int, due_in: int, unit: str) -> int:
        """The due day: `due_in` units after `day`; cycle months end with a calendar month, the first being `day`'s."""
        if unit == "working_days":
            return self.days.add(day, due_in)
        if unit == "days":
            return day + due_in
        if unit == "months":
            return add_months(day, due_in)
        return add_months(month_start(day), due_in) - 1


def windows(first: int, last: int, every_months: int, from_month: int) -> list[tuple[int, int]]:
    """First and last day of each window of `every_months` that starts in first..last, counted from `from_month`."""
    start = date.fromordinal(first)
    anchor = date(start.year - (start.month < from_month), from_month, 1).toordinal()
    found = []
    while anchor <= last:
        following = add_months(anchor, every_months)
        if anchor >= first:
            found.append((anchor, following - 1))
        anchor = following
    return found


def month_start(day: int) -> int:
    """The first day of the month."""
    return date.fromordinal(day).replace(day=1).toordinal()


def day_of(text: str) -> int:
    """The ordinal of an ISO date or timestamp; 0 for a blank."""
    return date.fromisoformat(text[:10]).toordinal() if text else 0


def read_columns(tables: Tables, columns: Columns, feed: str, *wanted: str) -> Iterator[list[str]]:
    """The wanted columns of a feed, row by row."""
    places = [columns[feed].index(name) for name in wanted]
    return ([row[place] for place in places] for row in tables[feed])
