"""Ofsted's Annex A of a made-up council, a workbook of eleven lists, from its case-management extracts.

Events are those of the six months to the as-at date (twelve for children looked after and adoption); codes are the
census's own, which Annex A knows beside its own words. Prospective adopters are invented, one for each match.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
import yaml

from synthetic.extracts import Extracts, Row, age_on, covering, latest, overlaps, until

HEADERS: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("annex_a.yml").read_text(encoding="utf-8"))
YES, NO = "a) Yes", "b) No"
GENDERS = {"M": "a) Male", "F": "b) Female"}
PLACES = {"K3": "f) Residential accommodation"}
SHORT_BREAKS = ("V3", "V4")
UASC = "Unaccompanied Asylum Seeking Child"
ANNEX_A_WORDS = {"Eligible child": "d) Eligible", "Special guardianship": "SGO", "Short breaks": "g) Other"}
ADOPTION_DAYS = (
    "adm_decision",
    "placement_order",
    "matched",
    "placed_for_adoption",
    "permanence_order",
    "decision_reversed",
)
BORN = "0001-01-01"
# Further than this from home is outside the boundary: about what a London borough measures.
MILES_ACROSS = 8
Values = list[str | int | float]


class AnnexA:
    """One council's lists as at a day. Days in the lists are ISO text; `write` makes them days of the workbook."""

    def __init__(self, extracts: Extracts, as_at: date, council_name: str) -> None:
        self._from, self._last, self._name = extracts, as_at.isoformat(), council_name
        self._half, self._year = _months_before(as_at, 6), _months_before(as_at, 12)
        self._people = {row["pers_person_id"]: row for row in extracts.rows("ssd_person")}
        self._teams = {row["dept_team_id"]: row["dept_team_name"] for row in extracts.rows("ssd_department")}

    def lists(self) -> dict[str, list[Values]]:
        """Return the rows of each sheet, in the order of its headers."""
        makers = (
            self._contacts, self._early_help, self._referrals, self._assessments, self._enquiries, self._needs,
            self._plans, self._looked_after, self._leavers, self._adoptions, self._adopters,
        )  # fmt: skip
        return {sheet: list(make()) for sheet, make in zip(HEADERS, makers, strict=True)}

    def _who(self, child: str) -> Values:
        """Return what every list says of a child: identifier, gender, ethnicity, date of birth, age."""
        person = self._people[child]
        born = person["pers_dob"]
        age = age_on(born, self._last) if born else ""
        return [child, GENDERS.get(person["pers_sex"], "c) Not stated/recorded"), person["pers_ethnicity"], born, age]

    def _disability(self, child: str) -> str:
        codes = {row["disa_disability_code"] for row in self._of("ssd_disability", "disa_person_id", child)}
        return YES if codes - {"NONE"} else NO

    def _staff(self, team: str, worker: str) -> Values:
        found = self._from.one("ssd_professionals", "prof_professional_id", worker)
        return [self._teams.get(team) or "Unallocated", found["prof_professional_name"] if found else "Unallocated"]

    def _allocated(self, child: str) -> Values:
        rows = [
            row
            for row in self._of("ssd_involvements", "invo_person_id", child)
            if row["invo_professional_role_id"] == "Allocated Case Worker"
        ]
        now = covering(rows, "invo_involvement_start_date", "invo_involvement_end_date", self._last)
        now = now or latest(rows, "invo_involvement_start_date", BORN, self._last)
        return self._staff(now["invo_professional_team"], now["invo_professional_id"]) if now else self._staff("", "")

    def _of(self, table: str, column: str, value: str) -> list[Row]:
        return self._from.by(table, column).get(value, [])

    def _in_half(self, table: str, column: str) -> Iterator[Row]:
        return (row for row in self._from.rows(table) if self._half <= row[column] <= self._last)

    def _last_day(self, table: str, person: str, day: str, child: str, first: str = BORN) -> str:
        found = latest(self._of(table, person, child), day, first, self._last)
        return found[day] if found else ""

    def _number(self, table: str, person: str, day: str, child: str) -> int:
        return sum(1 for row in self._of(table, person, child) if self._year <= row[day][:10] <= self._last)

    def _contacts(self) -> Iterator[Values]:
        for row in self._in_half("ssd_contacts", "cont_contact_date"):
            yield [*self._who(row["cont_person_id"]), row["cont_contact_date"], row["cont_contact_source_code"]]

    def _early_help(self) -> Iterator[Values]:
        for row in self._in_half("ssd_early_help_episodes", "earl_episode_start_date"):
            end = until(row["earl_episode_end_date"], self._last)
            by = row["earl_episode_organisation"] or "Council early help"
            yield [*self._who(row["earl_person_id"]), row["earl_episode_start_date"], end, by]

    def _referrals(self) -> Iterator[Values]:
        for row in self._in_half("ssd_cin_episodes", "cine_referral_date"):
            child = row["cine_person_id"]
            nfa = YES if row["cine_referral_nfa"] == "Y" else NO
            number = self._number("ssd_cin_episodes", "cine_person_id", "cine_referral_date", child)
            event = [row["cine_referral_date"], row["cine_referral_source_code"], nfa, number]
            yield [*self._who(child), *event, *self._staff(row["cine_referral_team"], row["cine_referral_worker_id"])]

    def _assessments(self) -> Iterator[Values]:
        for row in self._in_half("ssd_cin_assessments", "cina_assessment_start_date"):
            child, done = row["cina_person_id"], until(row["cina_assessment_auth_date"], self._last)
            seen = YES if row["cina_assessment_child_seen"] == "Y" else NO
            needed = NO if row["cina_assessment_outcome_nfa"] == "Y" else YES
            event = [row["cina_assessment_start_date"], seen, done, needed if done else ""]
            staff = self._staff(row["cina_assessment_team"], row["cina_assessment_worker_id"])
            yield [*self._who(child), self._disability(child), *event, *staff]

    def _enquiries(self) -> Iterator[Values]:
        for row in self._in_half("ssd_s47_enquiry", "s47e_s47_start_date"):
            child = row["s47e_person_id"]
            held = self._from.one("ssd_initial_cp_conference", "icpc_s47_enquiry_id", row["s47e_s47_enquiry_id"]) or {}
            day = until(held.get("icpc_icpc_date", ""), self._last)
            led = (YES if held["icpc_icpc_outcome_cp_flag"] == "Y" else NO) if day else ""
            event = [row["s47e_s47_start_date"], YES if row["s47e_s47_nfa"] == "Y" else NO, day, led]
            numbers = [
                self._number("ssd_s47_enquiry", "s47e_person_id", "s47e_s47_start_date", child),
                self._number("ssd_initial_cp_conference", "icpc_person_id", "icpc_icpc_date", child),
            ]
            staff = self._staff(row["s47e_s47_completed_by_team"], row["s47e_s47_completed_by_worker_id"])
            yield [*self._who(child), self._disability(child), *event, *numbers, *staff]

    def _needs(self) -> Iterator[Values]:
        for row in self._from.rows("ssd_cin_episodes"):
            child, start, end = row["cine_person_id"], row["cine_referral_date"], row["cine_close_date"]
            if row["cine_referral_nfa"] == "Y" or not overlaps(start, end, self._half, self._last):
                continue
            end = until(end, self._last)
            seen = max(
                self._last_day("ssd_cin_visits", "cinv_person_id", "cinv_cin_visit_date", child, start),
                self._last_day("ssd_cp_visits", "cppv_person_id", "cppv_cp_visit_date", child, start),
                self._last_day("ssd_cla_visits", "clav_person_id", "clav_cla_visit_date", child, start),
            )
            status = "e) Closed episode" if end else self._status(child)
            event = [start, row["cine_cin_primary_need_code"], seen, end, row["cine_close_reason"] if end else ""]
            yield [*self._who(child), self._disability(child), *event, status, *self._allocated(child)]

    def _status(self, child: str) -> str:
        """Return what an open case is: the furthest step that holds on the as-at date."""
        steps = (
            ("a) Looked after child", "ssd_cla_episodes", "clae_person_id", "clae_cla_episode_start_date",
             "clae_cla_episode_ceased_date"),
            ("b) Child Protection plan", "ssd_cp_plans", "cppl_person_id", "cppl_cp_plan_start_date",
             "cppl_cp_plan_end_date"),
            ("c) Child in need plan", "ssd_cin_plans", "cinp_person_id", "cinp_cin_plan_start_date",
             "cinp_cin_plan_end_date"),
        )  # fmt: skip
        for status, table, person, start, end in steps:
            if covering(self._of(table, person, child), start, end, self._last):
                return status
        return "d) Open assessment"

    def _plans(self) -> Iterator[Values]:
        for row in self._from.rows("ssd_cp_plans"):
            child, start, end = row["cppl_person_id"], row["cppl_cp_plan_start_date"], row["cppl_cp_plan_end_date"]
            if not overlaps(start, end, self._half, self._last):
                continue
            visits = self._of("ssd_cp_visits", "cppv_cp_plan_id", row["cppl_cp_plan_id"])
            visit = latest(visits, "cppv_cp_visit_date", start, self._last)
            alone = (YES if visit["cppv_cp_visit_seen_alone"] == "Y" else NO) if visit else ""
            reviews = self._of("ssd_cp_reviews", "cppr_cp_plan_id", row["cppl_cp_plan_id"])
            review = latest(reviews, "cppr_cp_review_date", start, self._last)
            earlier = sum(
                1
                for plan in self._of("ssd_cp_plans", "cppl_person_id", child)
                if plan["cppl_cp_plan_start_date"] < start
            )
            yield [
                *self._who(child), self._disability(child), start, row["cppl_cp_plan_initial_category"],
                row["cppl_cp_plan_latest_category"], visit["cppv_cp_visit_date"] if visit else "", alone,
                review["cppr_cp_review_date"] if review else "", until(end, self._last), NO, earlier,
                *self._allocated(child),
            ]  # fmt: skip

    def _looked_after(self) -> Iterator[Values]:
        for stays in self._from.by("ssd_cla_episodes", "clae_cla_id").values():
            stays = [stay for stay in stays if stay["clae_cla_episode_start_date"] <= self._last]
            if stays:
                last = max(stays, key=lambda stay: stay["clae_cla_episode_start_date"])
                end = until(last["clae_cla_episode_ceased_date"], self._last)
                status = self._legal_status(last["clae_person_id"])
                if (not end or end >= self._year) and status["lega_legal_status"] not in SHORT_BREAKS:
                    yield self._in_care(last, status, end)

    def _legal_status(self, child: str) -> Row:
        rows = self._of("ssd_legal_status", "lega_person_id", child)
        found = latest(rows, "lega_legal_status_start_date", BORN, self._last)
        return found or {"lega_legal_status": "", "lega_legal_status_start_date": ""}

    def _in_care(self, last: Row, status: Row, end: str) -> Values:
        """Return the row of one period of care, by its latest episode."""
        child, started = last["clae_person_id"], last["clae_entered_care_date"]
        place = self._from.one("ssd_cla_placement", "clap_cla_placement_id", last["clae_cla_placement_id"]) or {}
        plan = latest(
            self._of("ssd_cla_care_plan", "lacp_person_id", child), "lacp_cla_care_plan_start_date", BORN, self._last
        )
        aim = json.loads(plan["lacp_cla_care_plan_json"]).get("PLAN", "") if plan else ""
        missing = self._of("ssd_missing", "miss_person_id", child)
        counts = [
            sum(1 for row in missing if row["miss_missing_episode_type"] == kind
                and self._year <= row["miss_missing_episode_start_date"][:10] <= self._last)
            for kind in "MA"
        ]  # fmt: skip
        went = latest(missing, "miss_missing_episode_start_date", self._year, self._last)
        answers = [{"Y": YES, "N": NO}.get(went[f"miss_missing_rhi_{what}"], "") if went else ""
                   for what in ("offered", "accepted")]  # fmt: skip
        asylum = [row["immi_immigration_status"] for row in self._of("ssd_immigration_status", "immi_person_id", child)]
        code = place.get("clap_cla_placement_type", "")
        again = self._entries(child) > 1
        return [
            *self._who(child), YES if UASC in asylum else NO, self._disability(child), started,
            last["clae_cla_primary_need_code"], YES if again else NO, status["lega_legal_status_start_date"],
            status["lega_legal_status"],
            self._last_day("ssd_cla_reviews", "clar_cla_person_id", "clar_cla_review_date", child, started),
            self._last_day("ssd_cla_visits", "clav_person_id", "clav_cla_visit_date", child, started),
            ANNEX_A_WORDS.get(aim, aim), until(last["clae_cla_last_iro_contact_date"], self._last),
            *(self._check(child, kind) for kind in ("Health Assessment", "Dental Check")),
            max(1, self._number("ssd_cla_placement", "clap_person_id", "clap_cla_placement_start_date", child)), end,
            last["clae_cla_episode_ceased_reason"] if end else "", place.get("clap_cla_placement_start_date", ""),
            PLACES.get(code, code), place.get("clap_cla_placement_provider", ""),
            place.get("clap_cla_placement_postcode", ""), place.get("clap_cla_placement_urn", ""),
            "b) Out" if float(place.get("clap_cla_placement_distance") or 0) > MILES_ACROSS else "a) In", self._name,
            *counts, *answers, *self._allocated(child),
        ]  # fmt: skip

    def _entries(self, child: str) -> int:
        days = {row["clae_entered_care_date"] for row in self._of("ssd_cla_episodes", "clae_person_id", child)}
        return sum(1 for day in days if self._year <= day <= self._last)

    def _check(self, child: str, kind: str) -> str:
        rows = [
            row
            for row in self._of("ssd_cla_health", "clah_person_id", child)
            if row["clah_health_check_type"] == kind and row["clah_health_check_status"] == "Completed"
        ]
        found = latest(rows, "clah_health_check_date", BORN, self._last)
        return found["clah_health_check_date"] if found else ""

    def _leavers(self) -> Iterator[Values]:
        for child, rows in self._from.by("ssd_care_leavers", "clea_person_id").items():
            row = rows[0]
            asylum = [
                one["immi_immigration_status"] for one in self._of("ssd_immigration_status", "immi_person_id", child)
            ]
            kind = row["clea_care_leaver_eligibility"]
            adviser = self._staff("", row["clea_care_leaver_personal_advisor"])[1]
            suitable = row["clea_care_leaver_accom_suitable"]
            yield [
                *self._who(child), YES if UASC in asylum else NO, self._disability(child),
                *self._staff(row["clea_care_leaver_allocated_team"], row["clea_care_leaver_worker_id"]), adviser,
                ANNEX_A_WORDS.get(kind, kind), until(row["clea_pathway_plan_review_date"], self._last),
                row["clea_care_leaver_in_touch"], until(row["clea_care_leaver_latest_contact"], self._last),
                row["clea_care_leaver_accommodation"], suitable, row["clea_care_leaver_activity"].strip("0"),
            ]  # fmt: skip

    def _in_adoption(self) -> Iterator[Row]:
        for row in self._from.rows("ssd_permanence"):
            end = row["perm_permanence_order_date"] or row["perm_decision_reversed_date"]
            if overlaps(row["perm_adm_decision_date"], end, self._year, self._last):
                yield row

    def _adoptions(self) -> Iterator[Values]:
        for row in self._in_adoption():
            child = row["perm_person_id"]
            stays = self._of("ssd_cla_episodes", "clae_cla_id", row["perm_cla_id"])
            entered = stays[0]["clae_entered_care_date"] if stays else row["perm_adm_decision_date"]
            days = [until(row[f"perm_{name}_date"], self._last) for name in ADOPTION_DAYS]
            identifier, *others = self._who(child)
            family = f"FAM-{row['perm_table_id']}"
            reason = row["perm_decision_reversed_reason"] if days[-1] else ""
            ffa = until(row["perm_placed_ffa_cp_date"], self._last)
            yield [identifier, family, *others, self._disability(child), entered, *days, reason, ffa]

    def _adopters(self) -> Iterator[Values]:
        """Yield an invented adopter for each match, who asked two years before it."""
        for row in self._in_adoption():
            matched = until(row["perm_matched_date"], self._last)
            if not matched:
                continue
            match = date.fromisoformat(matched).toordinal()
            steps = [date.fromordinal(match - days).isoformat() for days in (730, 640, 580, 500, 390, 370, 340)]
            placed, order = (
                until(row[f"perm_{name}_date"], self._last) for name in ("placed_for_adoption", "permanence_order")
            )
            number = row["perm_table_id"]
            yield [
                f"ADP-{number}", f"FAM-{number}", "b) Female", "WBRI", NO, NO, *steps, matched, placed,
                1 if placed else "", order, "", "",
            ]  # fmt: skip

    def write(self, path: Path) -> dict[str, int]:
        """Write the workbook; return sheet -> rows."""
        counts = {}
        book = xlsxwriter.Workbook(path)
        book.set_properties({"created": datetime.fromisoformat(self._last), "comments": "Every person is made up."})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in self.lists().items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEADERS[name])
            for number, values in enumerate(rows, 1):
                for column, value in enumerate(values):
                    header = HEADERS[name][column].lower()
                    if value and "date" in header:
                        sheet.write_datetime(number, column, datetime.fromisoformat(str(value)), day)
                    elif value != "":
                        sheet.write(number, column, value)
            counts[name] = len(rows)
        book.close()
        return counts


def _months_before(day: date, months: int) -> str:
    """Return the same day `months` months earlier; the first of the month after where that month has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    try:
        return date(year, month + 1, day.day).isoformat()
    except ValueError:
        return date(year, month + 2, 1).isoformat()
