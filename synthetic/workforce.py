"""Services, teams, posts and the workers who hold them: they join, leave, move and are replaced by agency workers.

A post is a chain of holdings without gap: permanent worker, vacancy, agency workers, permanent worker again. The
means of their lengths give the published vacancy and agency rates. The team in trouble has fewer posts and more
vacancies.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from sightline.framework import Council, Role, Team
from synthetic.world import World

CHILDREN_OF_PLAN = 8000
DAYS_BEFORE = 800
SPAN = 30
ALLOCATED, IRO, CHAIR, ADVISER = "Allocated Case Worker", "IRO", "CP Chair", "Personal Adviser"
# Posts of the roles that are linked to teams, at 8,000 children; conference and reviewing officers are registered.
LINKED_POSTS = {"iro": 6, "cp_chair": 4, "qa_officer": 4}
REGISTERED_ANYWAY = ("iro", "cp_chair", "head_of_service", "service_manager")


@dataclass
class Holding:
    """One holding of a post: `worker` is blank while it is vacant, `end` None while it lasts."""

    post: str
    team: str
    role: str
    start: int
    end: int | None
    is_agency: bool
    is_registered: bool
    fte: str
    worker: str = ""

    def covers(self, day: int) -> bool:
        """Whether the holding stands on that day."""
        return self.start <= day and (self.end is None or self.end > day)


class Workforce:
    """The organisation of a council's file, filled with invented workers."""

    def __init__(self, world: World, council: Council, children: int) -> None:
        self.world = world
        self.council = council
        self.first = world.first - DAYS_BEFORE
        self.size = children / CHILDREN_OF_PLAN
        self.holdings: list[Holding] = []
        self.posts = 0
        self.teams: dict[str, list[Team]] = defaultdict(list)
        for team in council.organisation.teams:
            self.teams[team.kind].append(team)
        self.trouble = next((team.id for team in council.organisation.teams if team.is_in_trouble), "")
        self.trouble_from = world.as_at - 500
        self._make_posts(world.rng(7, 1))
        self._name_workers(world.rng(7, 2))
        self._index()

    def team_for(self, kinds: tuple[str, ...], number: int) -> str:
        """A team of the first of these kinds that the council has; `number` spreads families over the teams."""
        for kind in kinds:
            if teams := self.teams.get(kind):
                return teams[number % len(teams)].id
        return self.council.front_door_team

    def in_trouble(self, team: str, day: int) -> bool:
        """Whether this is the team in trouble, in its bad time."""
        return team == self.trouble and day >= self.trouble_from

    def pick(self, team: str, day: int, rng: Random) -> Holding | None:
        """A worker of the team's who holds cases on that day, part-timers less often; None where there is none."""
        around = self.by_team.get((team, (day - self.first) // SPAN), ())
        for _ in range(5):
            if not around:
                break
            holding = around[int(rng.random() * len(around))]
            if holding.covers(day) and rng.random() < float(holding.fte):
                return holding
        there = [holding for holding in around if holding.covers(day)]
        return there[int(rng.random() * len(there))] if there else None

    def chain(self, role: str, number: int) -> list[Holding]:
        """The holders of one post of a linked role, in order."""
        posts = self.by_role.get(role) or self.by_role["iro"]
        return posts[number % len(posts)]

    def _make_posts(self, rng: Random) -> None:
        for team in self.council.organisation.teams:
            for role in self._team_roles(team):
                self._fill(rng, team.id, role, team.id == self.trouble)
        home = self.teams["reviewing"][0] if self.teams.get("reviewing") else self.council.organisation.teams[-1]
        for role in self.council.roles:
            for unit in self._units(role, home):
                self._fill(rng, unit, role, False)

    def _team_roles(self, team: Team) -> list[Role]:
        """The roles of a team's posts: a manager, then case holders; the council's number is what vacancies leave."""
        roles = {role.id: role for role in self.council.roles}
        social = [role for role in self.council.roles if role.is_registered and role.holds_cases]
        own = {"early_help": "early_help_worker", "leaving_care": "personal_adviser"}.get(team.kind)
        posts = team.workers * self.size / (1 - self.world.calibration.share("vacancy", "workforce"))
        count = max(2, round(posts * (0.62 if team.id == self.trouble else 1)))
        found = [roles["team_manager"]] if "team_manager" in roles else []
        if team.kind == "reviewing":
            return found
        for number in range(count):
            if own in roles and not (team.kind == "leaving_care" and number % 5 == 4):
                found.append(roles[own])
            else:
                found.append(social[1 if number % 5 == 4 and len(social) > 1 else 0])
        return found

    def _units(self, role: Role, home: Team) -> list[str]:
        """Where the posts of a role stand that is not part of a team; one entry for each post."""
        if role.level == "service":
            return [service.id for service in self.council.organisation.services]
        if role.is_linked_to_teams:
            return [home.id] * max(2, round(LINKED_POSTS.get(role.id, 4) * self.size))
        return [home.service] if role.level == "council" else []

    def _fill(self, rng: Random, team: str, role: Role, is_in_trouble: bool) -> None:
        self.posts += 1
        registered = role.is_registered or role.id in REGISTERED_ANYWAY
        rates = self._rates(role, is_in_trouble)
        part_time = rng.random() < 0.2
        fte = rng.choice(("0.5", "0.6", "0.8")) if part_time else "1.0"
        for part, (kind, start, end) in enumerate(self._occupants(rng, rates), 1):
            post = f"P{self.posts:04d}-{part:02d}"
            worker = "" if kind == "vacant" else "?"
            self.holdings.append(Holding(post, team, role.id, start, end, kind == "agency", registered, fte, worker))

    def _rates(self, role: Role, is_in_trouble: bool) -> tuple[float, float, float]:
        """Mean days of a permanent holding, of a vacancy, and of agency cover after it."""
        figures = self.world.calibration
        stay = 365 / (figures.share("turnover", "workforce") * 1.2)
        vacancy, agency = figures.share("vacancy", "workforce"), figures.share("agency", "workforce")
        if role.is_registered and role.holds_cases:
            vacancy, agency = vacancy * 1.3, agency * 1.15
        else:
            vacancy, agency = vacancy / 4, agency / 5
        if is_in_trouble:
            stay, vacancy, agency = stay / 2, min(0.4, vacancy * 1.8), min(0.5, agency * 1.6)
        return stay, stay * vacancy / (1 - vacancy), stay * agency / (1 - agency)

    def _occupants(self, rng: Random, rates: tuple[float, float, float]) -> list[tuple[str, int, int | None]]:
        """(permanent, vacant or agency; start; end) from before the window to the as-at date."""
        kinds = ("permanent", "vacant", "agency")
        state = rng.choices((0, 1, 2), rates)[0]
        start, found = self.first - int(rng.expovariate(1 / (rates[0] if state == 0 else 120))), []
        first = True
        while start <= self.world.as_at:
            mean = min(rates[state], 270) if state == 2 else rates[state]
            length = min(4000, int(rng.expovariate(1 / mean))) + 20
            end = max(start, self.first) + length if first else start + length
            end = self.world.days.on_or_after(end)
            found.append((kinds[state], start, end if end <= self.world.as_at else None))
            start, first = end, False
            stays = state == 2 and rng.random() < 1 - mean / max(rates[2], mean + 1)
            state = 2 if stays else (1, 2, 0)[state]
        return found

    def _name_workers(self, rng: Random) -> None:
        """Give each holding a worker; some new permanent holders are workers who move from another team."""
        filled = sorted((h for h in self.holdings if h.worker), key=lambda h: (h.start, h.post))
        left: list[Holding] = []
        number = 0
        for holding in filled:
            left = [old for old in left if holding.start - old.end <= 60]
            movers = [
                old for old in left
                if old.end <= holding.start and old.team != holding.team and old.role == holding.role
            ]  # fmt: skip
            if movers and not holding.is_agency and rng.random() < 0.6:
                left.remove(movers[0])
                holding.worker, holding.fte = movers[0].worker, movers[0].fte
            else:
                number += 1
                holding.worker = f"W{number:04d}"
            if holding.end and not holding.is_agency:
                left.append(holding)

    def _index(self) -> None:
        """Case holders by team and span of days; chains of linked roles by post."""
        holds = {role.id for role in self.council.roles if role.holds_cases}
        self.by_team: dict[tuple[str, int], list[Holding]] = defaultdict(list)
        chains: dict[str, dict[str, list[Holding]]] = defaultdict(lambda: defaultdict(list))
        for holding in self.holdings:
            if not holding.worker:
                continue
            chains[holding.role][holding.post.split("-")[0]].append(holding)
            if holding.role in holds:
                last = holding.end or self.world.as_at
                for span in range(max(0, (holding.start - self.first) // SPAN), (last - self.first) // SPAN + 1):
                    self.by_team[holding.team, span].append(holding)
        self.by_role = {role: list(posts.values()) for role, posts in chains.items()}
