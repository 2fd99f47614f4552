"""The children's social work workforce census of a made-up council, as XML, from its posts and professionals.

A social worker is in it who held a registered social worker's post at some time of the year (1 October to
30 September); vacancies and agency workers are those of 30 September. What the extracts do not hold (births,
qualifications, origins) is drawn for each worker anew from the same chance.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

from synthetic.extracts import OPEN, Extracts, Row, overlaps, until

ROLES = {
    "director": "1",
    "operational_director": "1",
    "head_of_service": "2",
    "head_of_quality": "2",
    "safeguarding_manager": "2",
    "team_manager": "3",
    "iro": "4",
    "cp_chair": "4",
    "practice_development_worker": "4",
    "social_worker": "5",
}
OTHER_ROLE = "6"
ETHNICITIES = ("WBRI", "WBRI", "WBRI", "WOTH", "BAFR", "BCRB", "AIND", "MWBC", "NOBT")
SICKNESS = {"sickness": "SIC", "maternity": "MAT", "parental": "MAT", "training": "TRN"}


class Workforce:
    """One council's census of 30 September of `year`."""

    def __init__(self, extracts: Extracts, year: int, la_code: str) -> None:
        self._from, self._year, self._la = extracts, year, la_code
        self._first, self._last = f"{year - 1}-10-01", f"{year}-09-30"
        self._posts = [row for row in extracts.rows("staff_post") if row["is_registered_social_worker"] == "Y"]

    def write(self, path: Path) -> int:
        """Write the census; return its number of workers."""
        workers = [self._worker(post) for post in self._posts if self._is_in_year(post) and post["professional_id"]]
        details = _group(
            "CollectionDetails", {"Collection": "CSWW", "Year": str(self._year), "ReferenceDate": self._last}
        )
        source = _group("Source", {"SourceLevel": "L", "LEA": self._la, "SoftwareCode": "Made-up council"})
        with path.open("w", encoding="utf-8") as handle:
            handle.write(f'<?xml version="1.0" encoding="utf-8"?>\n<Message>\n<Header>\n{details}{source}</Header>\n')
            handle.write(_group("LALevelVacancies", self._vacancies()))
            handle.writelines(_group("CSWWWorker", worker) for worker in workers)
            handle.write("</Message>\n")
        return len(workers)

    def _is_in_year(self, post: Row) -> bool:
        return overlaps(post["started_on"], post["ended_on"], self._first, self._last)

    def _vacancies(self) -> dict[str, str]:
        now = [row for row in self._posts if overlaps(row["started_on"], row["ended_on"], self._last, self._last)]
        agency = [row for row in now if row["professional_id"] and row["is_agency"] == "Y"]
        covered = [row for row in agency if row["is_covering_vacancy"] == "Y"]
        vacant = sum(float(row["fte"]) for row in (*(row for row in now if not row["professional_id"]), *covered))
        return {
            "NumberOfVacancies": f"{vacant:.2f}",
            "NoAgencyFTE": f"{sum(float(row['fte']) for row in agency):.2f}",
            "NoAgencyHeadcount": str(len({row["professional_id"] for row in agency})),
        }

    def _worker(self, post: Row) -> dict[str, str]:
        worker = self._from.one("ssd_professionals", "prof_professional_id", post["professional_id"]) or {}
        is_agency, left = post["is_agency"] == "Y", until(post["ended_on"], self._last)
        values = {
            "AgencyWorker": "1" if is_agency else "0",
            "SWENo": worker.get("prof_social_worker_registration_no") or post["professional_id"],
            "FTE": f"{float(post['fte']):.6f}",
        }
        chance = Random(f"{post['professional_id']} of {self._la}")
        if not is_agency:
            values |= self._person(chance)
        values["OrgRole"] = ROLES.get(post["role"], OTHER_ROLE)
        values["RoleStartDate"] = post["started_on"]
        if not is_agency:
            values["StartOrigin"] = str(chance.randint(1, 9))
        if left:
            values |= {"RoleEndDate": left}
            values |= {} if is_agency else {"LeaverDestination": str(chance.randint(1, 8)), "ReasonLeave": "1"}
        else:
            values |= self._on_the_day(post, worker)
        return values

    def _person(self, chance: Random) -> dict[str, str]:
        born = date(self._year - 50, 1, 1) + timedelta(days=chance.randrange(25 * 365))
        return {
            "PersonBirthDate": born.isoformat(),
            "GenderCurrent": "1" if chance.random() < 0.14 else "2",
            "Ethnicity": chance.choice(ETHNICITIES),
            "QualInst": "Made-up University",
            "QualLevel": chance.choice("112"),
            "StepUpGrad": "1" if chance.random() < 0.08 else "0",
            "FrontlineGrad": "1" if chance.random() < 0.06 else "0",
        }

    def _on_the_day(self, post: Row, worker: Row) -> dict[str, str]:
        """Return what is asked of workers in post on 30 September."""
        absences = self._from.by("staff_absence", "worker_id").get(post["professional_id"], [])
        lost = sum(float(row["days_lost"]) for row in absences if self._first <= row["started_on"] <= self._last)
        away = [row for row in absences if row["started_on"] <= self._last <= (row["ended_on"] or OPEN)]
        values = {"FTE30": f"{float(post['fte']):.6f}"}
        if ROLES.get(post["role"]) == "5":
            values["Cases30"] = worker.get("prof_professional_caseload") or "0"
        if post["is_agency"] != "Y":
            values["WorkingDaysLost"] = f"{lost:.2f}"
            values["Absat30Sept"] = "1" if away else "0"
            values |= {"ReasonAbsence": SICKNESS.get(away[0]["reason"], "OTH")} if away else {}
        return values


def _group(tag: str, values: dict[str, str]) -> str:
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
    return f"<{tag}>{inner}</{tag}>\n"
