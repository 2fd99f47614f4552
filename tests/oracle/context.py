"""What every rule needs: observations, who a case belongs to, and what is known of a child."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import yaml

from .calendar import age_in_years
from .extracts import Extracts

UNALLOCATED = "unallocated"


class Who(NamedTuple):
    """The worker and the team that a case belongs to, `unallocated` where there is none."""

    worker: str
    team: str


class Observation(NamedTuple):
    """One case under one indicator on one day; `denominator` is None for counts and rates."""

    indicator_id: str
    case_id: str
    child_id: str | None
    worker: str
    team: str
    observed_on: date
    numerator: float
    denominator: float | None
    detail: str | None


def count(indicator_id, case_id, child_id, who: Who, on: date, detail=None, number=1) -> Observation:
    """An observation of a count or a rate."""
    return Observation(indicator_id, case_id, child_id, *who, on, number, None, detail)


def share(indicator_id, case_id, child_id, who: Who, on: date, is_met: bool, detail=None) -> Observation:
    """An observation of a percentage: in the denominator, and in the numerator if `is_met`."""
    return Observation(indicator_id, case_id, child_id, *who, on, int(is_met), 1, detail)


def is_open(case, at: date) -> bool:
    """Whether a case with `start` and `end` is open at the end of the day `at`."""
    return case.start <= at and (case.end is None or case.end > at)


def overlaps_year_to(case, at: date, year_before: date) -> bool:
    """Whether a case was open at some time in the year that ends with `at` and begins after `year_before`."""
    return case.start <= at and (case.end is None or case.end > year_before)


def _is_lived_in(home, on: date) -> bool:
    return (home.start is None or home.start <= on) and (home.end is None or home.end > on)


def _district(postcode: str | None) -> str | None:
    """What of a postcode stands before its last three characters; None for none, and for ZZ99, which is no place."""
    found = re.fullmatch(r"([A-Z]{1,2}\d[A-Z\d]?)\s*\d[A-Z]{2}", (postcode or "").upper())
    return found[1] if found and found[1] != "ZZ99" else None


class Context:
    """The extracts of one council as at one day, with the lookups that the rules share."""

    def __init__(self, folder: Path, council_yml: Path, as_at: date):
        self.data = Extracts(folder, as_at)
        self.as_at = as_at
        self.council = yaml.safe_load(Path(council_yml).read_text(encoding="utf-8"))
        self.cohorts: dict[date, list] = {}
        self._people = {person.id: person for person in self.data["people"]}
        self.teams = {team.id: team.parent for team in self.data["teams"]}
        self._allocations = self.data.by("involvements", "child")

    def clock(self, parameter: str) -> int:
        """A limit that the council sets, e.g. `cp_visit_days`."""
        return self.council["clocks"][parameter]["value"]

    def has_clock(self, parameter: str) -> bool:
        """Whether the council sets a limit."""
        return parameter in self.council["clocks"]

    def born_on(self, child: str | None) -> date | None:
        """The child's date of birth, None for an unborn or unknown child."""
        return self._people[child].born_on if child in self._people else None

    def sex(self, child: str | None) -> str | None:
        """The child's recorded sex."""
        return self._people[child].sex if child in self._people else None

    def locality(self, child: str | None, on: date) -> str | None:
        """Where the child lives on a day: the council's name for the district of the home that was moved to last."""
        homes = [row for row in self.data.by("addresses", "child").get(child, []) if _is_lived_in(row, on)]
        home = max(homes, key=lambda row: (row.start or date.min, row.id), default=None)
        district = _district(home.postcode if home else None)
        named = (self.council.get("localities") or {"value": {}})["value"]
        return next((name for name, districts in named.items() if district in districts), district)

    def need(self, child: str | None, on: date) -> str | None:
        """The primary need of the child's episode on a day: of those open the latest begun, else the latest of all."""
        begun = [row for row in self.data.by("referrals", "child").get(child, []) if row.start <= on]
        episode = max(begun, key=lambda row: (is_open(row, on), row.start, row.id), default=None)
        return episode.need if episode else None

    def is_known(self, child: str | None) -> bool:
        """Whether the child has a person record."""
        return child in self._people

    def disabled(self) -> set[str]:
        """Children with a disability recorded."""
        return {row.child for row in self.data["disabilities"] if row.code not in (None, "NONE")}

    def is_unborn(self, child: str, on: date) -> bool:
        """Whether the child has no date of birth, or a later one."""
        born_on = self.born_on(child)
        return born_on is None or born_on > on

    def is_visited(self, visit, child: str) -> bool:
        """Whether a visit counts: the child seen, or not yet born (no birth: two weeks past the expected day)."""
        person = self._people.get(child)
        first = person and (person.born_on or (person.due_on and person.due_on + timedelta(days=14)))
        return visit.seen == "Y" or bool(first and visit.on < first)

    def age(self, child: str, on: date) -> int | None:
        """Age in completed years, None for an unborn or unknown child."""
        return None if self.is_unborn(child, on) else age_in_years(self.born_on(child), on)

    def allocations(self, child: str) -> list:
        """All involvements of the child's allocated case workers."""
        return [row for row in self._allocations.get(child, []) if row.role == "Allocated Case Worker"]

    def allocation(self, child: str, on: date):
        """The involvement of the case worker on a day: of those that are open the latest, then the highest id."""
        current = [row for row in self.allocations(child) if is_open(row, on)]
        return max(current, key=lambda row: (row.start, row.id), default=None)

    def allocated(self, child: str | None, on: date) -> Who:
        """Worker and team by allocation on a day."""
        row = self.allocation(child, on)
        return self.own(row.worker, row.team) if row else Who(UNALLOCATED, UNALLOCATED)

    def own(self, worker: str | None, team: str | None) -> Who:
        """Worker and team that a record names itself; a team that the council does not have is none."""
        return Who(worker or UNALLOCATED, team if team in self.teams else UNALLOCATED)

    def service(self, team: str) -> str:
        """The service that a team belongs to; a team without one is its own."""
        return self.teams.get(team) or team
