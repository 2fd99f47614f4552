"""Known faults among good rows: rows of their own or copies, so that without them the data is whole.

The places are drawn, the list is written down, and the warehouse has to find each one. Rules: `type`, `code`,
`required`, `key`, `order`, `width`, `duplicate`; a row's number is that of a spreadsheet, the header being 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from synthetic.world import World

CHILD = "FAULT-CHILD"


@dataclass(frozen=True)
class Fault:
    """A fault to plant: which column of a copied row gets which value, under which rule."""

    table: str
    rule: str
    column: str
    value: str
    kind: str


FAULTS = (
    Fault("ssd_cin_episodes", "type", "cine_referral_date", "2026-02-31", "31 February"),
    Fault("ssd_contacts", "type", "cont_contact_date", "31/31/2025", "no such date"),
    Fault("ssd_cla_health", "type", "clah_health_check_date", "2025-02-31", "31 February"),
    Fault("ssd_sdq_scores", "type", "csdq_sdq_score", "twelve", "letters in a number"),
    Fault("ssd_cla_placement", "type", "clap_cla_placement_start_date", "2025-02-31", "31 February"),
    Fault("ssd_missing", "type", "miss_missing_episode_start_date", "2025-06-31T10:00:00", "31 June"),
    Fault("ssd_cp_visits", "type", "cppv_cp_visit_date", "yesterday", "words for a date"),
    Fault("staff_post", "type", "fte", "full", "letters in a number"),
    Fault("ssd_disability", "code", "disa_disability_code", "QQQ", "unknown code"),
    Fault("ssd_cp_plans", "code", "cppl_cp_plan_initial_category", "XXX", "unknown code"),
    Fault("ssd_cla_placement", "code", "clap_cla_placement_type", "U99", "unknown code"),
    Fault("ssd_legal_status", "code", "lega_legal_status", "Q9", "unknown code"),
    Fault("ssd_cla_episodes", "code", "clae_cla_episode_start_reason", "K", "unknown code"),
    Fault("ssd_care_leavers", "code", "clea_care_leaver_activity", "F9", "unknown code"),
    Fault("referral_decision", "code", "decision", "perhaps", "unknown code"),
    Fault("ssd_contacts", "required", "cont_person_id", "", "no child"),
    Fault("ssd_cin_episodes", "required", "cine_referral_id", "", "no key"),
    Fault("ssd_involvements", "required", "invo_person_id", "", "no child"),
    Fault("ssd_cp_reviews", "required", "cppr_cp_review_id", "", "no key"),
    Fault("ssd_cin_plans", "order", "cinp_cin_plan_end_date", "1999-01-01", "end before start"),
    Fault("ssd_cp_plans", "order", "cppl_cp_plan_end_date", "1999-01-01", "end before start"),
    Fault("ssd_early_help_episodes", "order", "earl_episode_end_date", "1999-01-01", "end before start"),
    Fault("ssd_cla_episodes", "order", "clae_cla_episode_ceased_date", "1999-01-01", "end before start"),
    Fault("ssd_s47_enquiry", "key", "s47e_s47_start_date", "2001-01-01", "same key, other content"),
    Fault("ssd_cin_assessments", "key", "cina_assessment_start_date", "2001-01-01", "same key, other content"),
    Fault("ssd_cin_visits", "width", "", "+", "a field too many"),
    Fault("ssd_cla_visits", "width", "", "-", "a field too few"),
    Fault("ssd_contacts", "duplicate", "", "", "exact duplicate"),
    Fault("ssd_cin_visits", "duplicate", "", "", "exact duplicate"),
    Fault("ssd_cp_visits", "duplicate", "", "", "exact duplicate"),
)


def plant_faults(world: World, columns: dict[str, list[str]], rng: Random) -> list[dict]:
    """Insert the faulty rows. Returns the list for `planted_faults.json`, by file and row."""
    found = []
    for table in sorted({fault.table for fault in FAULTS}):
        found += _plant(world.tables[table], columns[table], [f for f in FAULTS if f.table == table], rng)
    return [{"fault_id": f"F{number:02d}", **fault} for number, fault in enumerate(found, 1)]


def _plant(rows: list[tuple], columns: list[str], faults: list[Fault], rng: Random) -> list[dict]:
    """Plant one table's faults in its second half, so that a copy stands after its model."""
    good = len(rows)
    if good < 4:
        return []
    places = sorted(rng.randint(good // 2, good) for _ in faults)
    planted = []
    for shift, (place, fault) in enumerate(zip(places, faults, strict=True)):
        model = rows[rng.randint(0, good // 2 - 1)]
        rows.insert(place + shift, _faulty(model, columns, fault, shift))
        planted.append({
            "file": f"{fault.table}.csv", "row_no": place + shift + 2, "column": fault.column,
            "rule": fault.rule, "kind": fault.kind,
        })  # fmt: skip
    return planted


def _faulty(model: tuple, columns: list[str], fault: Fault, number: int) -> tuple:
    """The model's row with the fault in it; ids of its own unless the fault is a copy."""
    if fault.rule == "duplicate":
        return model
    row = list(model)
    if fault.rule != "key":
        row[0] = f"FAULT-{fault.rule.upper()}-{number}"
        row = [CHILD if name.endswith("person_id") else value for name, value in zip(columns, row, strict=True)]
    if fault.rule == "width":
        return tuple([*row, "surplus"] if fault.value == "+" else row[:-1])
    row[columns.index(fault.column)] = fault.value
    if fault.rule == "order":
        row[columns.index(fault.column.replace("end_date", "start_date").replace("ceased", "start"))] = "2020-01-01"
    return tuple(row)
