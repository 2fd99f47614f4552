"""Report specifications: `publish/reports/<report>.yml`, one file a report, read into a strict model.

SpecError    a file is not valid YAML or breaks the model; the message names file and field
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

FOLDER = Path(__file__).resolve().parent / "reports"
PROTECTED = ("members", "partners", "public")

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
IndicatorId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}-\d{2}[a-z]?(_\d+-\d+)?$")]
Indicators = Annotated[list[IndicatorId], Field(min_length=1)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
PeriodKind = Literal["week", "month", "quarter", "year", "rolling_year"]
Breakdown = Literal["age_band", "sex", "ethnicity", "disability", "uasc", "locality", "need", "detail"]
Cadence = Literal["weekly", "monthly", "quarterly", "yearly"]
Audience = Literal["team", "service", "leaders", "members", "partners", "public"]
Comparator = Literal[
    "statistical_neighbours", "region", "alliance", "england", "best_quarter", "previous_year", "target"
]


class SpecError(ValueError):
    """A report's file is wrong; the message names file and field."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Timed(Strict):
    """A block whose figures are of one kind of period; without one, that of the report's cadence."""

    period: PeriodKind | None = None


class Changes(Timed):
    """What changed: at most `limit` sentences about the indicators watched, the weightiest first."""

    kind: Literal["changes"]
    indicators: Indicators
    limit: int = Field(7, ge=1, le=20)


class CardsBlock(Timed):
    """Headline figures: value, numerator and denominator, sparkline, comparators, verdict."""

    kind: Literal["cards"]
    indicators: Indicators
    compare: list[Comparator] = ["target", "statistical_neighbours", "england"]


class Trend(Timed):
    """Lines of up to three indicators over `points` periods; `compare` adds published values as levels."""

    kind: Literal["trend"]
    title: Text
    indicators: Annotated[list[IndicatorId], Field(min_length=1, max_length=3)]
    points: int = Field(24, ge=4, le=60)
    compare: list[Comparator] = []


class Control(Timed):
    """A control chart for each indicator."""

    kind: Literal["control"]
    indicators: Indicators
    points: int = Field(24, ge=4, le=60)


class UnitBars(Timed):
    """One indicator by service or team, with the value of the whole as a line."""

    kind: Literal["unit_bars"]
    indicators: Indicators
    level: Literal["service", "team"] = "team"


class UnitTable(Timed):
    """Services or teams down, indicators across, with the change on the period before."""

    kind: Literal["unit_table"]
    title: Text
    indicators: Indicators
    level: Literal["service", "team"] = "team"


class Bar(Timed):
    """One indicator by the categories of a breakdown; `count: denominator` draws the cases a percentage rests on.

    `is_ordered` keeps the categories' own order, upright; `limit_after`: a limit line stands after that category.
    """

    kind: Literal["bar"]
    title: Text
    indicator: IndicatorId
    breakdown: Breakdown
    count: Literal["value", "denominator"] = "value"
    is_ordered: bool = False
    limit_after: str | None = None
    limit_label: str = ""


class Pyramid(Timed):
    """A count by age band and sex, back to back; unborn children and unknown sex stand in the table alone."""

    kind: Literal["pyramid"]
    title: Text
    indicator: IndicatorId


class Cohorts(Timed):
    """One breakdown across several counts, as shares side by side."""

    kind: Literal["cohorts"]
    title: Text
    indicators: Indicators
    breakdown: Breakdown


class IndicatorTable(Timed):
    """Indicators down, the last `periods` across, with the change on the period before and a year before."""

    kind: Literal["indicator_table"]
    title: Text
    indicators: Indicators
    periods: int = Field(6, ge=1, le=13)


class Comparison(Timed):
    """Own value beside published ones, with difference, rank and quartile."""

    kind: Literal["comparison"]
    title: Text
    indicators: Indicators
    compare: list[Comparator] = ["statistical_neighbours", "region", "england", "best_quarter"]


class DutySummary(Strict):
    """Statutory and local duties by clock: met, late, due within the council's two horizons, overdue."""

    kind: Literal["duty_summary"]


class DutyList(Strict):
    """Children whose duty is overdue or due soon, by case-system identifier."""

    kind: Literal["duty_list"]
    state: Literal["overdue", "due"]


class Caseload(Strict):
    """Children held by each worker, cases for each FTE, and cases that nobody holds."""

    kind: Literal["caseload"]


class AuditGrades(Timed):
    """Overall grades by team (or service), with the share graded good or better."""

    kind: Literal["audit_grades"]
    level: Literal["service", "team"] = "team"


class AuditDomains(Timed):
    """Domain grades of the unit, and the share good or better of each domain by team."""

    kind: Literal["audit_domains"]
    level: Literal["service", "team"] = "team"


class Definitions(Strict):
    """What each indicator of the report counts, with its caveat and source."""

    kind: Literal["definitions"]


class HowToRead(Strict):
    """How to read cards and control charts."""

    kind: Literal["how_to_read"]


class BenchmarkFile(Strict):
    """Published national figures as a tidy file with its metadata, in explore-education-statistics columns."""

    kind: Literal["benchmark_file"]
    name: Id
    title: Text
    indicators: Indicators
    years: int = Field(5, ge=1, le=20)


class OwnFile(Timed):
    """The council's own protected figures as a tidy file with its metadata, in the same columns."""

    kind: Literal["own_file"]
    name: Id
    title: Text
    indicators: Indicators
    breakdowns: list[Breakdown] = []
    periods: int = Field(4, ge=1, le=20)


class Findings(Strict):
    """Is the change real? Sentences of `fct_signal` about the report's unit, or about the teams below it."""

    kind: Literal["findings"]
    title: Text = "What is out of the ordinary"
    of: Literal["own", "teams"] = "own"
    limit: int = Field(8, ge=1, le=30)


class Journey(Strict):
    """How many went on from each stage to the next, of those who reached it in the last twelve months."""

    kind: Literal["journey"]
    title: Text
    steps: list[Id] = []


class Forecast(Strict):
    """Demand six months ahead with its interval and the error of past forecasts; the whole council alone."""

    kind: Literal["forecast"]
    indicators: Indicators
    points: int = Field(24, ge=6, le=60)


class Funnel(Timed):
    """Shares of services or teams by their number of cases, between the limits of chance about the whole."""

    kind: Literal["funnel"]
    indicators: Indicators
    level: Literal["service", "team"] = "team"


class Revisions(Strict):
    """Figures of ended periods that later deliveries changed: before, now, and why."""

    kind: Literal["revisions"]
    title: Text = "Figures that were changed"
    limit: int = Field(15, ge=1, le=50)


class Triangulation(Strict):
    """Audits, feedback, performance and workload of each team, side by side, and what contradicts each other."""

    kind: Literal["triangulation"]


class Flow(Timed):
    """Cases opened, transferred and closed in the period, by team, and open at its end."""

    kind: Literal["flow"]
    title: Text


Block = Annotated[
    Changes
    | CardsBlock
    | Trend
    | Control
    | UnitBars
    | UnitTable
    | Bar
    | Pyramid
    | Cohorts
    | IndicatorTable
    | Comparison
    | DutySummary
    | DutyList
    | Caseload
    | AuditGrades
    | AuditDomains
    | Definitions
    | HowToRead
    | BenchmarkFile
    | OwnFile
    | Findings
    | Journey
    | Forecast
    | Funnel
    | Revisions
    | Triangulation
    | Flow,
    Field(discriminator="kind"),
]
OFFICERS_ONLY = (
    "duty_summary", "duty_list", "caseload", "audit_grades", "audit_domains", "unit_table", "unit_bars", "findings",
    "journey", "forecast", "funnel", "revisions", "triangulation", "flow",
)  # fmt: skip


class SectionSpec(Strict):
    id: Id
    title: Text
    intro: str = ""
    blocks: list[Block] = []


class ReportSpec(Strict):
    """One report, `per` council, service or team; `also_council`: and a document of the whole."""

    report: Id
    title: Text
    purpose: Text
    cadence: Cadence
    audience: Audience
    formats: Annotated[list[Literal["html", "pdf", "xlsx", "csv"]], Field(min_length=1)]
    per: Literal["council", "service", "team"] = "council"
    also_council: bool = False
    sections: Annotated[list[SectionSpec], Field(min_length=1)]

    @property
    def period_kind(self) -> PeriodKind:
        """The kind of period that the cadence reports on."""
        return {"weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}[self.cadence]

    @property
    def is_protected(self) -> bool:
        """Whether small numbers are hidden: all audiences but the council's own officers."""
        return self.audience in PROTECTED

    @property
    def blocks(self) -> list[Block]:
        """Every block of every section, in order."""
        return [block for section in self.sections for block in section.blocks]

    @property
    def indicators(self) -> list[str]:
        """Every indicator named, once, in order of first use."""
        named = [getattr(block, "indicators", None) or [getattr(block, "indicator", None)] for block in self.blocks]
        return list(dict.fromkeys(i for group in named for i in group if i))

    @model_validator(mode="after")
    def is_coherent(self) -> ReportSpec:
        """Section ids differ; children's lists go to officers of the unit; protected reports keep to safe grids."""
        ids = [section.id for section in self.sections]
        if len(ids) != len(set(ids)):
            raise ValueError("sections: an id is given twice")
        kinds = {block.kind for block in self.blocks}
        if "duty_list" in kinds and (self.audience not in ("team", "service") or self.per == "council"):
            raise ValueError("duty_list: children are listed in team and service reports alone")
        if self.is_protected:
            self._check_protected(kinds)
        return self

    def _check_protected(self, kinds: set[str]) -> None:
        if self.per != "council" or kinds & set(OFFICERS_ONLY):
            raise ValueError(f"audience {self.audience}: figures of the whole council only")
        used = {getattr(block, "period", None) or self.period_kind for block in self.blocks}
        if used - {"quarter", "year"}:
            raise ValueError(
                f"audience {self.audience}: quarters and years only; overlapping periods can be subtracted"
            )


def read(path: Path) -> ReportSpec:
    """One report's specification. Raises SpecError, naming the file and each field that is wrong."""
    try:
        spec = ReportSpec.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise SpecError(f"{path.name}: is not valid YAML: {error}") from error
    except ValidationError as error:
        raise SpecError("\n".join(_explain(path.name, error))) from None
    if spec.report != path.stem:
        raise SpecError(f"{path.name}: report: is {spec.report}, must be the file's name {path.stem}")
    return spec


def _explain(name: str, error: ValidationError) -> list[str]:
    lines = []
    for item in error.errors(include_url=False, include_input=False):
        field = re.sub(r"\.(\d+)", r"[\1]", ".".join(map(str, item["loc"]))) or "report"
        lines.append(f"{name}: {field}: {item['msg'].removeprefix('Value error, ')}")
    return lines


@cache
def reports() -> dict[str, ReportSpec]:
    """Every report that has a file, by name."""
    return {path.stem: read(path) for path in sorted(FOLDER.glob("*.yml"))}
