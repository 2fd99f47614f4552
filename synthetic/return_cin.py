"""The CIN census of a made-up council for one year, as XML, from its case-management extracts.

A child is in it with each episode of need that was open at some time of the year (1 April to 31 March), and what
happened in that episode up to its end: assessments, plans, enquiries, protection plans and their reviews.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from synthetic.extracts import Extracts, Row, overlaps, until

GENDER = {"M": "1", "F": "2", "U": "0"}


class CinCensus:
    """One council's census for the year that ends on 31 March of `year`."""

    def __init__(self, extracts: Extracts, year: int, la_code: str) -> None:
        self._from, self._year, self._la = extracts, year, la_code
        self._first, self._last = f"{year - 1}-04-01", f"{year}-03-31"

    def write(self, path: Path) -> int:
        """Write the census; return its number of children."""
        count = 0
        with path.open("w", encoding="utf-8") as handle:
            handle.write(self._head())
            for person in self._from.rows("ssd_person"):
                needs = self._from.by("ssd_cin_episodes", "cine_person_id").get(person["pers_person_id"], [])
                open_ = [
                    need for need in needs if self._is_of_year(need["cine_referral_date"], need["cine_close_date"])
                ]
                if open_:
                    count += 1
                    details = "".join(self._details(need) for need in open_)
                    handle.write(_group("Child", f"{self._who(person)}{details}") + "\n")
            handle.write("</Children>\n</Message>\n")
        return count

    def _head(self) -> str:
        collection = _leaves({"Collection": "CIN", "Year": str(self._year), "ReferenceDate": self._last})
        source = _leaves({"SourceLevel": "L", "LEA": self._la, "SoftwareCode": "Made-up council"})
        groups = _group("CollectionDetails", collection) + _group("Source", source)
        return f'<?xml version="1.0" encoding="utf-8"?>\n<Message>\n{_group("Header", groups)}\n<Children>\n'

    def _is_of_year(self, start: str, end: str) -> bool:
        return overlaps(start, end, self._first, self._last)

    def _who(self, person: Row) -> str:
        sex = person["pers_sex"]
        identifiers = {
            "LAchildID": person["pers_person_id"],
            "UPN": person["pers_upn"],
            "UPNunknown": "" if person["pers_upn"] else person["pers_upn_unknown"],
            "PersonBirthDate": until(person["pers_dob"], self._last),
            "ExpectedPersonBirthDate": "" if person["pers_dob"] else person["pers_expected_dob"],
            "Sex" if self._year >= 2025 else "GenderCurrent": sex if self._year >= 2025 else GENDER[sex],
            "PersonDeathDate": until(person["pers_death_date"], self._last),
        }
        found = self._from.by("ssd_disability", "disa_person_id").get(person["pers_person_id"], [])
        codes = dict.fromkeys(row["disa_disability_code"] for row in found)
        disabilities = "".join(_leaves({"Disability": code}) for code in codes)
        characteristics = _leaves({"Ethnicity": person["pers_ethnicity"]})
        characteristics += _group("Disabilities", disabilities) if disabilities else ""
        return _group("ChildIdentifiers", _leaves(identifiers)) + _group("ChildCharacteristics", characteristics)

    def _details(self, need: Row) -> str:
        referral, closed = need["cine_referral_id"], until(need["cine_close_date"], self._last)
        values = {
            "CINreferralDate": need["cine_referral_date"],
            "ReferralSource": need["cine_referral_source_code"],
            "PrimaryNeedCode": need["cine_cin_primary_need_code"],
            "CINclosureDate": closed,
            "ReasonForClosure": need["cine_close_reason"] if closed else "",
        }
        parts = (self._assessments, self._plans, self._enquiries, self._protection)
        rest = [part for make in parts for part in make(referral)]
        flag = _leaves({"ReferralNFA": "1" if need["cine_referral_nfa"] == "Y" else "0"})
        return _group("CINdetails", _leaves(values) + flag + "".join(rest))

    def _assessments(self, referral: str) -> Iterator[str]:
        for row in self._from.by("ssd_cin_assessments", "cina_referral_id").get(referral, ()):
            start, done = row["cina_assessment_start_date"], row["cina_assessment_auth_date"]
            if not self._is_of_year(start, done):
                continue
            done = until(done, self._last)
            inner = _leaves({"AssessmentActualStartDate": start, "AssessmentAuthorisationDate": done})
            found = self._from.one("ssd_assessment_factors", "cinf_assessment_id", row["cina_assessment_id"])
            codes = json.loads(found["cinf_assessment_factors_json"]) if found and done else []
            factors = "".join(_leaves({"AssessmentFactors": code}) for code in dict.fromkeys(codes))
            yield _group("Assessments", inner + (_group("FactorsIdentifiedAtAssessment", factors) if factors else ""))

    def _plans(self, referral: str) -> Iterator[str]:
        for row in self._from.by("ssd_cin_plans", "cinp_referral_id").get(referral, ()):
            start, end = row["cinp_cin_plan_start_date"], row["cinp_cin_plan_end_date"]
            if self._year >= 2022 and self._is_of_year(start, end):
                days = {"CINPlanStartDate": start, "CINPlanEndDate": until(end, self._last)}
                yield _group("CINPlanDates", _leaves(days))

    def _enquiries(self, referral: str) -> Iterator[str]:
        for row in self._from.by("ssd_s47_enquiry", "s47e_referral_id").get(referral, ()):
            start = row["s47e_s47_start_date"]
            if not self._first <= start <= self._last:
                continue
            held = self._from.one("ssd_initial_cp_conference", "icpc_s47_enquiry_id", row["s47e_s47_enquiry_id"]) or {}
            values = {
                "S47ActualStartDate": start,
                "InitialCPCtarget": held.get("icpc_icpc_target_date", ""),
                "DateOfInitialCPC": until(held.get("icpc_icpc_date", ""), self._last),
                "ICPCnotRequired": "1" if row["s47e_s47_nfa"] == "Y" else "0",
            }
            yield _group("Section47", _leaves(values))

    def _protection(self, referral: str) -> Iterator[str]:
        for row in self._from.by("ssd_cp_plans", "cppl_referral_id").get(referral, ()):
            start, end = row["cppl_cp_plan_start_date"], row["cppl_cp_plan_end_date"]
            if not self._is_of_year(start, end):
                continue
            plans = self._from.by("ssd_cp_plans", "cppl_person_id")[row["cppl_person_id"]]
            earlier = sum(1 for plan in plans if plan["cppl_cp_plan_start_date"] < start)
            values = {
                "CPPstartDate": start,
                "CPPendDate": until(end, self._last),
                "InitialCategoryOfAbuse": row["cppl_cp_plan_initial_category"],
                "LatestCategoryOfAbuse": row["cppl_cp_plan_latest_category"],
                "NumberOfPreviousCPP": str(earlier),
            }
            reviews = self._from.by("ssd_cp_reviews", "cppr_cp_plan_id").get(row["cppl_cp_plan_id"], ())
            days = dict.fromkeys(until(review["cppr_cp_review_date"], self._last) for review in reviews)
            held = "".join(_leaves({"CPPreviewDate": day}) for day in days)
            yield _group("ChildProtectionPlans", _leaves(values) + (_group("Reviews", held) if held else ""))


def _group(tag: str, inner: str) -> str:
    return f"<{tag}>{inner}</{tag}>\n"


def _leaves(values: dict[str, str]) -> str:
    """Return elements with their text; blank ones are left out."""
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items() if value)
