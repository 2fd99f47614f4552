"""The shape of `councils/<name>.yml`: one council and its quality-assurance framework, as a strict model.

A framework (roles, grades, audit types, cycles, limits, expected numbers, escalation, comparators, targets,
recipients) differs by council and none of it is code. Every entry cites its source or says `example: true`;
an entry with neither, or with a field the model does not know, is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

DISTRICT = r"^[A-Z]{1,2}[0-9][A-Z0-9]?$"
"""A postcode district: the outward code of a postcode, such as EN5."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]-[A-Z0-9]+$")]
Area = Annotated[str, StringConstraints(pattern=r"^E\d{8}$")]
District = Annotated[str, StringConstraints(pattern=DISTRICT)]
Indicator = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}-\d{2}[a-z]?(_\d+-\d+)?$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Count = Annotated[int, Field(ge=1)]
Depth = Literal["full", "dip", "observation", "thematic", "peer", "desktop", "external"]
DayKind = Literal["calendar", "working"]
DueUnit = Literal["days", "working_days", "months", "cycle_months"]
Cadence = Literal["daily", "weekly", "monthly", "two_monthly", "quarterly", "yearly"]
Audience = Literal["team", "service", "leaders", "members", "partners", "public"]
Level = Literal["team", "service", "council", "external"]
TeamKind = Literal[
    "front_door", "early_help", "assessment", "protection", "disabled_children", "adolescents",
    "looked_after", "leaving_care", "reviewing", "fostering", "youth_justice",
]  # fmt: skip
ClockParameter = Literal[
    "cp_visit_days", "cin_visit_days", "cp_dip_months", "supervision_days", "cp_minutes_days",
    "core_group_working_days", "pathway_review_months", "referral_decision_working_days",
]  # fmt: skip
Threshold = Literal[
    "due_soon_days", "due_later_days", "caseload_high", "amber_percentage_points",
    "small_number_hidden_up_to", "small_number_rounded_to",
]  # fmt: skip
T = TypeVar("T")


class Strict(BaseModel):
    """No field that the model does not know, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cited(Strict):
    """An entry that cites the document it stands in, or is marked as an example of ours."""

    source: Text | None = None
    example: bool = False
    note: str = ""

    @model_validator(mode="after")
    def has_one_origin(self) -> Cited:
        """Exactly one of `source` and `example: true`."""
        if bool(self.source) == self.example:
            raise ValueError("give either a source or example: true")
        return self


class Value(Cited, Generic[T]):
    """One cited value."""

    value: T


class Entry(Cited):
    """A cited entry of a list, with an id that records use."""

    id: Id
    label: Text


class Region(Strict):
    code: Area
    name: Text


class Service(Strict):
    id: Code
    label: Text


class Team(Strict):
    """`kind` is the part of a child's way the team works in; `workers` the posts at 8,000 children."""

    id: Code
    label: Text
    service: Code
    kind: TeamKind
    workers: int = Field(ge=0)
    is_in_trouble: bool = False


class Organisation(Cited):
    """Services and teams of the made-up council that runs under this framework."""

    services: list[Service]
    teams: list[Team]


class Role(Entry):
    """`holds_cases`, `is_registered`: posts of this role are case-holding, registered social workers."""

    level: Level
    is_registered: bool = False
    holds_cases: bool = False
    is_linked_to_teams: bool = False


class Grade(Entry):
    """Rank 1 is the best. `is_good` makes councils with different scales comparable."""

    rank: Count
    is_good: bool


class Domain(Entry):
    """What an audit grades. `always_graded`: in every audit, whatever its type."""

    always_graded: bool = False


class AuditType(Entry):
    """`looks_at`: whose work or record is looked at. `branch`: social care, or another service's own tool."""

    depth: Depth
    looks_at: Literal["child", "worker", "carer", "service"] = "child"
    branch: Literal["social_care", "early_help", "youth_justice", "care_leavers", "fostering"] = "social_care"
    is_multi_agency: bool = False
    is_graded: bool = True


class Step(Entry):
    """A dated step after an audit.

    Due `due_in` `due_unit` after the event `after` (`allocated`, `completed`, `moderated` or another step).
    `cycle_months`: by the end of that calendar month of the cycle, the month of the event being month 1.
    `audit_types`, `grades`: only for these (empty: for all). The grade is read on `grade_basis`: the first audit's own,
    its moderated one, or that of its first re-audit. Steps belong to audits that are no re-audit themselves.
    `track_until`: audited again until an audit of the chain gets one of these grades.
    """

    stage: Count
    after: Id = "completed"
    due_in: Count
    due_unit: DueUnit
    owner_role: Id
    audit_types: list[Id] = []
    grades: list[Id] = []
    grade_basis: Literal["first", "moderated", "reaudit"] = "first"
    is_reaudit: bool = False
    by_original_auditor: bool = False
    repeat_every_months: Count | None = None
    repeat_times: Count | None = None
    track_until: list[Id] = []

    @property
    def is_conditional(self) -> bool:
        """Whether only some grades call for the step."""
        return bool(self.grades)


class Expectation(Entry):
    """How many are owed: `number` by each `per` in every window of `every_months`, counted from `from_month`.

    `per`: each `person` in the role, each `team` or `linked_team` of the person, each `worker` observed, the `council`.
    Windows of 12 months or fewer start in `from_month` (4: April); longer ones follow the programme's cycle.
    """

    activity: Literal["audit", "moderation", "observation", "dip_sample", "practice_day"]
    role: Id
    per: Literal["person", "team", "linked_team", "worker", "council"]
    number: Count
    every_months: Count
    from_month: int = Field(default=4, ge=1, le=12)
    audit_types: list[Id] = []
    scope: Literal["own_team", "linked_team", "own_service", "other_line", "any"] = "any"


class Theme(Entry):
    """Planned audits of a theme in every window of `every_months`."""

    audit_type: Id
    auditor_role: Id
    planned: Count
    every_months: Count
    focus_area: Id | None = None


class Programme(Strict):
    """The cycle that themes are planned for, and the day its first cycle began."""

    cycle_months: Value[Count]
    starts_on: Value[date]
    themes: list[Theme]


class EscalationLevel(Entry):
    """Raised when the concern is unanswered `after_days`; `dated_by` is the column of the escalation feed."""

    after_days: int = Field(ge=0)
    to_roles: list[Id]
    via_role: Id | None = None
    dated_by: Literal["concern_on", "alert_on", "director_on"]


class Escalation(Strict):
    label: Text
    day_kind: Value[DayKind]
    raised_by: list[Id]
    levels: list[EscalationLevel]


class ActionLimit(Cited):
    """When an audit's action is due if it bears no date of its own."""

    due_in: Count
    due_unit: DueUnit
    clock_start: Literal["assigned", "audit_period_end"]


class Notice(Entry):
    """Somebody is told: before or after an audit, when a grade is entered, or at an immediate concern."""

    event: Literal["before_audit", "after_audit", "grade_entered", "immediate_concern"]
    to_roles: list[Id]
    grades: list[Id] = []
    is_written: bool = False


class FocusArea(Entry):
    """A service area or area of focus; `services` of the organisation that work in it."""

    services: list[Code] = []


class FeedbackSource(Cited):
    id: Literal[
        "survey", "text_message", "focus_group", "complaint", "compliment", "iro_evaluation",
        "cro_evaluation", "advocacy", "partner", "commissioned", "camhs", "send",
    ]  # fmt: skip
    label: Text


class Standard(Entry):
    """A practice standard seen from three sides: indicators, an audit domain, feedback themes."""

    domain: Id
    indicators: list[Indicator]
    feedback_themes: list[Text] = []


class Target(Cited):
    indicator_id: Indicator
    value: float
    kind: Literal["national", "local"]


class Comparator(Entry):
    """`areas` are named for an alliance only, `areas_wanted` for best performers; the rest follows published lists."""

    kind: Literal["statistical_neighbours", "region", "alliance", "england", "best_performers"]
    areas: list[Area] = []
    areas_wanted: Count | None = None


class Recipient(Cited):
    """Who gets a report, how often, for which level, and under whose disclosure rules."""

    report: Id
    role: Id
    cadence: Cadence
    level: Literal["team", "service", "council"]
    audience: Audience


class Restricted(Cited):
    """Roles that may see the lines of restricted records in lists; sums count them for everybody."""

    roles: list[Id]


class Meeting(Entry):
    """A board, challenge session or stocktake: the pack it receives and who sits there."""

    cadence: Cadence
    reports: list[Id]
    attended_by: list[Id] = []


class FeedNames(Strict):
    """What a council's own exports call the columns of one feed: column -> other names for it."""

    columns: dict[Text, list[Text]]


class Database(Strict):
    """A database that feeds are read from: the variable with its SQLAlchemy URL, its schema, a query a feed.

    A feed without a query is the table of its name. Without any feed, every SSD table is read.
    """

    url_env: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]+$")]
    schema_name: Text | None = None
    feeds: dict[Id, Text | None] = {}


class Council(Strict):
    """One council and its quality-assurance framework; the shape of `councils/<id>.yml`.

    `localities`: the council's name for a part of its area -> the postcode districts that make it up.
    """

    id: Id
    name: Text
    code: Annotated[str, StringConstraints(pattern=r"^\d{3}$")]
    gss: Area
    region: Region
    sources: dict[Text, Text]
    front_door_team: Code
    organisation: Organisation
    link_roles: Value[list[Id]]
    clocks: dict[ClockParameter, Value[Count]]
    thresholds: dict[Threshold, Value[float]]
    escalation: Escalation
    actions: ActionLimit
    programme: Programme
    roles: list[Role]
    grades: list[Grade]
    domains: list[Domain]
    audit_types: list[AuditType]
    focus_areas: list[FocusArea]
    steps: list[Step]
    expectations: list[Expectation]
    notices: list[Notice] = []
    feedback_sources: list[FeedbackSource]
    standards: list[Standard]
    targets: list[Target]
    comparators: list[Comparator]
    recipients: list[Recipient]
    meetings: list[Meeting]
    restricted: Restricted | None = None
    localities: Value[dict[Text, Annotated[list[District], Field(min_length=1)]]] | None = None
    feeds: dict[Id, FeedNames] = {}
    databases: dict[Id, Database] = {}

    def cited(self) -> Iterable[tuple[str, Cited]]:
        """Every cited entry with its path, e.g. `('roles[0]', Role(...))`."""
        return _cited(self, "")


def _cited(node: object, path: str) -> Iterable[tuple[str, Cited]]:
    if isinstance(node, Cited):
        yield path, node
    if isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from _cited(getattr(node, name), f"{path}.{name}".lstrip("."))
    elif isinstance(node, dict):
        for key, item in node.items():
            yield from _cited(item, f"{path}.{key}")
    elif isinstance(node, list):
        for number, item in enumerate(node):
            yield from _cited(item, f"{path}[{number}]")
