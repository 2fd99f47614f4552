"""The SSDA903 of a made-up council for one collection year, from its case-management extracts: tables, CSV and XML.

Cohorts in short: children with an episode in the year, and care leavers of 17 to 21; outcomes (OC2) for children in
care for a whole year on 31 March. Codes that a year no longer has become those that took their place: from 2025
placements P2 and H5 are K3 (SSDA903_schema_2025 of liia-tools-pipeline, MIT).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from synthetic.extracts import Extracts, Row, age_on, british, covering, latest, overlaps, until

Tables = dict[str, list[Row]]
UASC = "Unaccompanied Asylum Seeking Child"
REPLACED = {"P2": "K3", "H5": "K3"}
NEEDS = {"N0": "N1", "N9": "N1"}
"""Needs of the CIN census that the SSDA903 does not have."""

CHANGE_REASONS = {"PLANP": "CARPL"}
WORKER_REASONS = {"Transfer to another team": "TSPROC", "Change of worker": "MANAGE"}
NOT_IN_TOUCH = "0"
GROUPS = {
    "missing": "AMISSING",
    "reviews": "AREVIEW",
    "previous_permanence": "PERMANENCE",
    "oc2": "OC2",
    "placed_for_adoption": "AD_PLACED",
}
"""Tables that are an element of their own below the child's HEADER in the XML form."""

COLUMNS = {
    "header": "CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB",
    "episodes": "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN",
    "reviews": "CHILD DOB REVIEW REVIEW_CODE",
    "uasc": "CHILD SEX DOB DUC",
    "oc2": "CHILD DOB SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT "
    "SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED",
    "oc3": "CHILD DOB IN_TOUCH ACTIV ACCOM",
    "ad1": "CHILD DOB DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR",
    "placed_for_adoption": "CHILD DOB DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED",
    "previous_permanence": "CHILD DOB PREV_PERM LA_PERM DATE_PERM",
    "missing": "CHILD DOB MISSING MIS_START MIS_END",
    "sw_episodes": "CHILD DOB SW_ID SW_DECOM SW_DEC SW_REASON",
}
"""The tables of the return and their columns, in file order; deprivation of liberty (from 2027) is not made up."""


class Ssda903:
    """One council's return for the year that ends on 31 March of `year`."""

    def __init__(self, extracts: Extracts, year: int) -> None:
        self._from, self._year = extracts, year
        self._first, self._last = f"{year - 1}-04-01", f"{year}-03-31"
        self.tables: Tables = {name: [] for name in COLUMNS}
        for person in extracts.rows("ssd_person"):
            self._add_child(person)

    def _add_child(self, person: Row) -> None:
        """Add a child's rows, where the child is of the return."""
        child, rows = person["pers_person_id"], self._from.by
        stays = [row for row in rows("ssd_cla_episodes", "clae_person_id").get(child, ()) if self._is_in_year(row)]
        leaver = self._leaver(child, person["pers_dob"])
        if not person["pers_dob"] or not (stays or leaver):
            return
        ids = {"CHILD": child, "DOB": british(person["pers_dob"])}
        self._put("header", ids | self._header(person))
        for name, makers in self._makers(stays).items():
            for values in makers(child, person):
                self._put(name, ids | values)
        if leaver and not stays:
            self._put("oc3", ids | leaver)

    def _makers(self, stays: list[Row]) -> dict[str, Callable[[str, Row], Iterator[Row]]]:
        """Return, for a child with episodes in the year, what makes the rows of each table."""
        if not stays:
            return {}
        return {
            "episodes": lambda child, person: (self._episode(child, stay) for stay in _once(stays)),
            "reviews": self._reviews,
            "uasc": self._uasc,
            "oc2": lambda child, person: self._outcomes(child, person, stays),
            "ad1": self._adoptions,
            "placed_for_adoption": self._placed,
            "previous_permanence": lambda child, person: iter([{"PREV_PERM": "Z1"}]),
            "missing": self._missing,
            "sw_episodes": lambda child, person: self._workers(child, stays),
        }

    def _put(self, table: str, values: Row) -> None:
        """Keep a row, with the columns of its table."""
        self.tables[table].append({name: values.get(name, "") for name in COLUMNS[table].split()})

    def _is_in_year(self, stay: Row) -> bool:
        start, end = stay["clae_cla_episode_start_date"], stay["clae_cla_episode_ceased_date"]
        return overlaps(start, end, self._first, self._last)

    def _header(self, person: Row) -> Row:
        children = self._from.by("ssd_mother", "moth_person_id").get(person["pers_person_id"], [])
        born = [row["moth_childs_dob"] for row in children if until(row["moth_childs_dob"], self._last)]
        return {
            "SEX": person["pers_sex"] if self._year >= 2025 else {"M": "1", "F": "2"}.get(person["pers_sex"], ""),
            "ETHNIC": person["pers_ethnicity"],
            "UPN": person["pers_upn"] or person["pers_upn_unknown"],
            "MOTHER": "1" if born else "",
            "MC_DOB": british(max(born)) if born else "",
        }

    def _episode(self, child: str, stay: Row) -> Row:
        start = stay["clae_cla_episode_start_date"]
        end = until(stay["clae_cla_episode_ceased_date"], self._last)
        place = self._from.one("ssd_cla_placement", "clap_cla_placement_id", stay["clae_cla_placement_id"]) or {}
        statuses = self._from.by("ssd_legal_status", "lega_person_id").get(child, [])
        spell = ("lega_legal_status_start_date", "lega_legal_status_end_date")
        status = covering(statuses, *spell, start)
        homes = self._from.by("ssd_address", "addr_person_id").get(child, [])
        home = covering(homes, "addr_address_start_date", "addr_address_end_date", start)
        code, reason = place.get("clap_cla_placement_type", ""), place.get("clap_cla_placement_change_reason", "")
        changes = end and stay["clae_cla_episode_ceased_reason"] == "X1"
        return {
            "DECOM": british(start),
            "RNE": stay["clae_cla_episode_start_reason"],
            "LS": status["lega_legal_status"] if status else "V2",
            "CIN": NEEDS.get(stay["clae_cla_primary_need_code"], stay["clae_cla_primary_need_code"]),
            "PLACE": REPLACED.get(code, code) if self._year >= 2025 else code,
            "PLACE_PROVIDER": place.get("clap_cla_placement_provider", ""),
            "DEC": british(end),
            "REC": stay["clae_cla_episode_ceased_reason"] if end else "",
            "REASON_PLACE_CHANGE": CHANGE_REASONS.get(reason, reason) if changes else "",
            "HOME_POST": home["addr_address_postcode"] if home else "",
            "PL_POST": place.get("clap_cla_placement_postcode", ""),
            "URN": place.get("clap_cla_placement_urn", ""),
        }

    def _reviews(self, child: str, person: Row) -> Iterator[Row]:
        rows = self._from.by("ssd_cla_reviews", "clar_cla_person_id").get(child, [])
        held = {row["clar_cla_review_date"]: row for row in rows if self._is_day_in_year(row["clar_cla_review_date"])}
        for day, row in held.items():
            yield {"REVIEW": british(day), "REVIEW_CODE": row["clar_cla_review_participation"] or "PN0"}

    def _uasc(self, child: str, person: Row) -> Iterator[Row]:
        for row in self._from.by("ssd_immigration_status", "immi_person_id").get(child, ()):
            start, end = row["immi_immigration_status_start_date"], row["immi_immigration_status_end_date"]
            if row["immi_immigration_status"] == UASC and overlaps(start, end, self._first, self._last):
                yield self._header(person) | {"DUC": british(end)}
                return

    def _outcomes(self, child: str, person: Row, stays: list[Row]) -> Iterator[Row]:
        """Yield the outcomes of a child who on 31 March had been in care for a year."""
        now = covering(stays, "clae_cla_episode_start_date", "clae_cla_episode_ceased_date", self._last)
        if now is None or now["clae_entered_care_date"] > self._first:
            return
        age = age_on(person["pers_dob"], self._last)
        score = latest(self._of("ssd_sdq_scores", "csdq_person_id", child), "csdq_sdq_completed_date", *self._days)
        checks = self._of("ssd_cla_health", "clah_person_id", child)
        done = {
            row["clah_health_check_type"]
            for row in checks
            if row["clah_health_check_status"] == "Completed" and self._is_day_in_year(row["clah_health_check_date"])
        }
        misuse = latest(
            self._of("ssd_cla_substance_misuse", "clas_person_id", child), "clas_substance_misuse_date", *self._days
        )
        convictions = self._of("ssd_cla_convictions", "clac_person_id", child)
        immunised = self._from.one("ssd_cla_immunisations", "clai_person_id", child) or {}
        has_score = score is not None and 4 <= age < 17
        yield {
            "SDQ_SCORE": score["csdq_sdq_score"] if has_score else "",
            "SDQ_REASON": "SDQ5" if 4 <= age < 17 and not (has_score and score["csdq_sdq_score"]) else "",
            "CONVICTED": _flag(latest(convictions, "clac_cla_conviction_date", *self._days)),
            "HEALTH_CHECK": "1" if age < 5 else "",
            "IMMUNISATIONS": _flag(immunised.get("clai_immunisations_status") == "Y"),
            "TEETH_CHECK": _flag("Dental Check" in done),
            "HEALTH_ASSESSMENT": _flag("Health Assessment" in done),
            "SUBSTANCE_MISUSE": _flag(misuse),
            "INTERVENTION_RECEIVED": _flag(misuse["clas_intervention_received"] == "Y") if misuse else "",
            "INTERVENTION_OFFERED": "1" if misuse and misuse["clas_intervention_received"] != "Y" else "",
        }

    def _leaver(self, child: str, born: str) -> Row | None:
        """Return the care leaver's answers of a young person of 17 to 21 whose birthday is in the year."""
        row = self._from.one("ssd_care_leavers", "clea_person_id", child)
        if not row or not born or not 17 <= age_on(born, self._last) <= 21:
            return None
        touch = row["clea_care_leaver_in_touch"]
        if touch != "YES":
            return {"IN_TOUCH": touch, "ACTIV": NOT_IN_TOUCH, "ACCOM": NOT_IN_TOUCH}
        home, is_suitable = row["clea_care_leaver_accommodation"], row["clea_care_leaver_accom_suitable"] == "Suitable"
        accommodation = f"{home}{1 if is_suitable else 2}" if home else NOT_IN_TOUCH
        return {"IN_TOUCH": touch, "ACTIV": row["clea_care_leaver_activity"] or NOT_IN_TOUCH, "ACCOM": accommodation}

    def _adoptions(self, child: str, person: Row) -> Iterator[Row]:
        for row in self._of("ssd_permanence", "perm_person_id", child):
            is_order = row["perm_permanence_order_type"] == "Adoption order"
            if is_order and self._is_day_in_year(row["perm_permanence_order_date"]):
                yield {
                    "DATE_INT": british(row["perm_adm_decision_date"]),
                    "DATE_MATCH": british(row["perm_matched_date"]),
                    "FOSTER_CARE": _flag(row["perm_adopted_by_carer_flag"] == "Y"),
                    "NB_ADOPTR": row["perm_number_of_adopters"],
                    "SEX_ADOPTR": row["perm_adopter_sex"],
                    "LS_ADOPTR": row["perm_adopter_legal_status"],
                }
                return

    def _placed(self, child: str, person: Row) -> Iterator[Row]:
        decided = {row["perm_adm_decision_date"]: row for row in self._of("ssd_permanence", "perm_person_id", child)}
        for day, row in decided.items():
            end = row["perm_decision_reversed_date"]
            if overlaps(day, end or row["perm_permanence_order_date"], self._first, self._last):
                reason = row["perm_decision_reversed_reason"] if until(end, self._last) else ""
                ceased = british(until(end, self._last))
                yield {"DATE_PLACED": british(day), "DATE_PLACED_CEASED": ceased, "REASON_PLACED_CEASED": reason}

    def _missing(self, child: str, person: Row) -> Iterator[Row]:
        seen = set()
        for row in self._of("ssd_missing", "miss_person_id", child):
            start = row["miss_missing_episode_start_date"][:10]
            key = (start, row["miss_missing_episode_type"])
            if self._is_day_in_year(start) and key not in seen:
                seen.add(key)
                end = until(row["miss_missing_episode_end_date"][:10], self._last)
                yield {"MISSING": key[1], "MIS_START": british(start), "MIS_END": british(end)}

    def _workers(self, child: str, stays: list[Row]) -> Iterator[Row]:
        """Yield the child's social workers since the first of the year's episodes began."""
        first = max(self._first, min(stay["clae_cla_episode_start_date"] for stay in stays))
        seen = set()
        for row in self._of("ssd_involvements", "invo_person_id", child):
            start, end = row["invo_involvement_start_date"], row["invo_involvement_end_date"]
            worker = self._from.one("ssd_professionals", "prof_professional_id", row["invo_professional_id"])
            is_worker = row["invo_professional_role_id"] == "Allocated Case Worker" and worker
            if not is_worker or start in seen or not overlaps(start, end, first, self._last) or self._year < 2024:
                continue
            seen.add(start)
            end = until(end, self._last)
            yield {
                "SW_ID": worker["prof_social_worker_registration_no"] or worker["prof_professional_id"],
                "SW_DECOM": british(start),
                "SW_DEC": british(end),
                "SW_REASON": WORKER_REASONS.get(row["invo_worker_change_reason"], "OTHERS") if end else "",
            }

    @property
    def _days(self) -> tuple[str, str]:
        return self._first, self._last

    def _is_day_in_year(self, day: str) -> bool:
        return self._first <= day <= self._last

    def _of(self, table: str, column: str, child: str) -> list[Row]:
        return self._from.by(table, column).get(child, [])


def _once(stays: list[Row]) -> list[Row]:
    """Return episodes of different first days: of two that begin on one day the later one counts."""
    return list({stay["clae_cla_episode_start_date"]: stay for stay in stays}.values())


def _flag(value: object) -> str:
    return "1" if value else "0"


def write_csv(folder: Path, tables: Tables) -> dict[str, int]:
    """Write `ssda903_<table>.csv` for each table; return file name -> rows."""
    for name, rows in tables.items():
        with (folder / f"ssda903_{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, COLUMNS[name].split(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return {f"ssda903_{name}.csv": len(rows) for name, rows in tables.items()}


def write_xml(path: Path, tables: Tables) -> None:
    """Write the return in its XML form; social workers are left out, since no source names their element."""
    by_child: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for name, rows in tables.items():
        for row in rows:
            by_child[row["CHILD"]][name].append(row)
    with path.open("w", encoding="utf-8") as handle:
        handle.write('<?xml version="1.0" encoding="utf-8"?>\n<EXPSSDA903>\n')
        for child in by_child.values():
            handle.write(_child(child))
        handle.write("</EXPSSDA903>\n")


def _child(of: Mapping[str, list[Row]]) -> str:
    """Return one child's element, its parts in the order of the schema of 2021."""
    (header,) = of["header"]
    uasc = {"UASC": "1", "DUC": of["uasc"][0]["DUC"]} if of["uasc"] else {"UASC": "0"}
    first = {"CHILDID": header["CHILD"]} | _some(header, "UPN", "SEX", "DOB", "ETHNIC") | uasc
    flat = [_own(row) for name in ("ad1", "oc3") for row in of[name]]
    groups = {name: "".join(_element(tag, _own(row)) for row in of[name]) for name, tag in GROUPS.items()}
    inner = "".join(_leaves(values) for values in (first, *flat))
    inner += groups["missing"] + groups["reviews"] + _leaves(_some(header, "MOTHER", "MC_DOB"))
    inner += groups["previous_permanence"] + groups["oc2"] + groups["placed_for_adoption"]
    episodes = "".join(
        _element("EPISODE", {"PL" if name == "PLACE" else name: value for name, value in _own(row).items()})
        for row in of["episodes"]
    )
    return f"<CHILD>\n<HEADER>{inner}</HEADER>\n{episodes}</CHILD>\n"


def _some(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names}


def _own(row: Row) -> Row:
    """Return a row without what the child's header says."""
    return {name: value for name, value in row.items() if name not in ("CHILD", "DOB", "SEX")}


def _element(tag: str, values: Row) -> str:
    return f"<{tag}>{_leaves(values)}</{tag}>\n"


def _leaves(values: Row) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
