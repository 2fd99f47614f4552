"""Tiny hand-made extract folders for the oracle's own tests: only the columns a rule needs. All people are made up."""

import csv
from datetime import date
from pathlib import Path

import yaml
from oracle import Oracle, Period, parse

COUNCIL = {
    "id": "example",
    "gss": "E09000003",
    "front_door_team": "T-FD",
    "clocks": {"cp_visit_days": {"value": 14}, "cin_visit_days": {"value": 28}},
    "grades": [
        {"id": "good", "rank": 1, "is_good": True},
        {"id": "poor", "rank": 2, "is_good": False},
    ],
    "expectations": [],
    "programme": {"starts_on": {"value": date(2019, 4, 1)}},
}
TEAMS = [{"dept_team_id": "S-1"}, *({"dept_team_id": team, "dept_team_parent_id": "S-1"} for team in ("T-FD", "T-A"))]


class Sample:
    """One extract folder. `add` writes rows; `figure` gives an indicator's (numerator, denominator)."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.rows = {"ssd_department": list(TEAMS)}
        self.council = dict(COUNCIL)

    def add(self, feed: str, *rows: dict) -> "Sample":
        """Adds rows of a feed; keys are its columns."""
        self.rows.setdefault(feed, []).extend(rows)
        return self

    def write(self) -> Path:
        """Writes the CSV files and the council's YAML (`council.yml`)."""
        for feed, rows in self.rows.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            with (self.folder / f"{feed}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(rows)
        (self.folder / "council.yml").write_text(yaml.safe_dump(self.council), encoding="utf-8")
        return self.folder

    def oracle(self, period: str | Period, as_at: date) -> Oracle:
        """The oracle for one period."""
        period = parse(period) if isinstance(period, str) else period
        return Oracle(self.write(), self.folder / "council.yml", as_at, [period])

    def figure(self, indicator_id, period="2026-Q2", as_at=date(2026, 9, 30), level="council", unit="example"):
        """Numerator and denominator of an indicator in one period."""
        values = self.oracle(period, as_at).compute()
        row = values.filter(indicator_id=indicator_id, level=level, unit_code=unit).row(0, named=True)
        return row["numerator"], row["denominator"]


def person(child="1", born="2015-06-01", **more):
    return {"pers_person_id": child, "pers_dob": born, **more}


def referral(number, on, child="1", **more):
    return {"cine_referral_id": number, "cine_person_id": child, "cine_referral_date": on, **more}


def assessment(number, start, end, referral_id="R1", child="1", **more):
    row = {"cina_assessment_id": number, "cina_person_id": child, "cina_referral_id": referral_id}
    return row | {"cina_assessment_start_date": start, "cina_assessment_auth_date": end, **more}


def enquiry(number, start, child="1"):
    return {"s47e_s47_enquiry_id": number, "s47e_person_id": child, "s47e_s47_start_date": start}


def plan(start, end="", number="P1", child="1", **more):
    row = {"cppl_cp_plan_id": number, "cppl_person_id": child}
    return row | {"cppl_cp_plan_start_date": start, "cppl_cp_plan_end_date": end, **more}


def plan_review(on):
    return {"cppr_cp_review_id": on, "cppr_cp_plan_id": "P1", "cppr_cp_review_date": on}


def episode(start, end="", number="E1", child="1", care="L1", placement="PL1", **more):
    row = {"clae_cla_episode_id": number, "clae_person_id": child, "clae_cla_id": care}
    row |= {"clae_cla_episode_start_date": start, "clae_cla_episode_ceased_date": end}
    return row | {"clae_cla_placement_id": placement, "clae_cla_episode_start_reason": "S", **more}


def placement(start, end="", number="PL1", child="1", kind="U6"):
    row = {"clap_cla_placement_id": number, "clap_person_id": child, "clap_cla_placement_type": kind}
    return row | {"clap_cla_placement_start_date": start, "clap_cla_placement_end_date": end}


def legal(status, start, end="", child="1"):
    row = {"lega_legal_status_id": f"{status}{start}", "lega_person_id": child, "lega_legal_status": status}
    return row | {"lega_legal_status_start_date": start, "lega_legal_status_end_date": end}


def care_review(on, **more):
    return {
        "clar_cla_review_id": on,
        "clar_cla_id": "L1",
        "clar_cla_person_id": "1",
        "clar_cla_review_date": on,
        **more,
    }


def involvement(start, end="", worker="W1", team="T-A", number="I1", child="1", role="Allocated Case Worker"):
    row = {"invo_involvements_id": number, "invo_person_id": child, "invo_professional_id": worker}
    row |= {"invo_professional_team": team, "invo_professional_role_id": role}
    return row | {"invo_involvement_start_date": start, "invo_involvement_end_date": end}
