"""What a return and the case system each say of the same figure: the queries, and which records explain a difference.

Each figure has two queries, one a side, giving rows of child_key and the values that are held against each other. A
value that a side leaves empty is not compared. `first_on` and `last_on` are the days of the collection year.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of record: its name, and on each side all records of some children as (child_key, start, end, note)."""

    noun: str
    in_return: str
    in_system: str


@dataclass(frozen=True)
class Comparison:
    """One figure on both sides; `values` names the columns after child_key, the first is the date of the record."""

    indicator_id: str
    return_: str
    kind: str
    values: tuple[str, ...]
    in_return: str
    in_system: str


TITLES = {
    "PLC-01": "Placements of looked-after children in the year",
    "S47-06": "Initial conferences held",
    "CP-05": "Child protection plans ended",
}
"""Where the catalogue's title is that of a share or a rate, and records are held against each other here."""

KINDS = {
    "care": Kind(
        "care",
        "select child_key, started_on, ended_on, legal_status || ', ' || placement || coalesce(', ' || end_reason, '')"
        " from intermediate.int_return_903__episode where collection_year = %(year)s and child_key = any(%(keys)s)",
        "select child_key, started_on, ended_on, case when is_short_break then 'short breaks' end"
        " from intermediate.int_cla_period where child_key = any(%(keys)s)",
    ),
    "missing": Kind(
        "missing episode",
        "select child_key, started_on, ended_on, missing_type"
        " from staging.stg_ssda903_missing where collection_year = %(year)s and child_key = any(%(keys)s)",
        "select child_key, started_on, ended_on, missing_type"
        " from intermediate.int_missing where child_key = any(%(keys)s)",
    ),
    "referral": Kind(
        "referral",
        "select child_key, referred_on, closed_on, case when is_nfa then 'no further action' else close_reason end"
        " from intermediate.int_return_cin__referral where collection_year = %(year)s and child_key = any(%(keys)s)",
        "select child_key, referred_on, closed_on, case when is_nfa then 'no further action' else close_reason end"
        " from intermediate.int_referral where child_key = any(%(keys)s)",
    ),
    "assessment": Kind(
        "assessment",
        "select child_key, started_on, authorised_on, null"
        " from intermediate.int_return_cin__assessment where collection_year = %(year)s and child_key = any(%(keys)s)",
        "select child_key, started_on, authorised_on, null"
        " from intermediate.int_assessment where child_key = any(%(keys)s)",
    ),
    "enquiry": Kind(
        "section 47 enquiry",
        "select child_key, started_on, conference_held_on, null"
        " from intermediate.int_return_cin__enquiry where collection_year = %(year)s and child_key = any(%(keys)s)",
        "select child_key, started_on, ended_on, null from intermediate.int_s47 where child_key = any(%(keys)s)",
    ),
    "conference": Kind(
        "initial conference",
        "select child_key, held_on, held_on, null"
        " from intermediate.int_return_cin__conference where collection_year = %(year)s and child_key = any(%(keys)s)",
        "select child_key, held_on, held_on, null"
        " from intermediate.int_conference where held_on is not null and child_key = any(%(keys)s)",
    ),
    "plan": Kind(
        "protection plan",
        "select child_key, started_on, ended_on, latest_category"
        " from intermediate.int_return_cin__plan where collection_year = %(year)s and child_key = any(%(keys)s)",
        "select child_key, started_on, ended_on,"
        " case when is_other_authority_flag = 'Y' then 'for another authority' else latest_category end"
        " from staging.stg_ssd_cp_plans where child_key = any(%(keys)s)",
    ),
}
CASES_903 = (
    "select child_key, {values} from intermediate.int_return_903__case"
    " where collection_year = %(year)s and indicator_id = '{id}' and numerator is not null"
)
CASES_CIN = CASES_903.replace("_903__", "_cin__")
OBSERVED = (
    "select child_key, {values} from marts.fct_observation where council = %(council)s and indicator_id = '{id}'"
    " and observed_on between %(first_on)s and %(last_on)s"
)
ANSWERED = (
    "select child_key, (count(*) filter (where indicator_id = '{id}'))::int from marts.fct_observation"
    " where council = %(council)s and indicator_id in ('{id}', '{count}') and observed_on = %(last_on)s"
    " group by child_key, case_id"
)


def _yearly(id_: str) -> Comparison:
    """A figure of the children looked after on 31 March or for the year: the answer of each child."""
    return Comparison(
        id_, "903", "care", ("answer",),
        CASES_903.format(values="numerator::int", id=id_),
        OBSERVED.replace("between %(first_on)s and", "=").format(values="numerator::int", id=id_),
    )  # fmt: skip


def _yearly_share(id_: str, count: str) -> Comparison:
    """The same of a share of a count: a child whose answer is no is a case of the count alone."""
    return Comparison(
        id_, "903", "care", ("answer",),
        CASES_903.format(values="numerator::int", id=id_),
        ANSWERED.format(id=id_, count=count),
    )  # fmt: skip


def _events(id_: str, return_: str, kind: str, values: tuple[str, ...], columns: str) -> Comparison:
    """A figure of events of the year: the day, and what the event was."""
    cases = CASES_903 if return_ == "903" else CASES_CIN
    named = columns.replace("happened_on", "observed_on")
    in_return, in_system = cases.format(values=columns, id=id_), OBSERVED.format(values=named, id=id_)
    return Comparison(id_, return_, kind, values, in_return, in_system)


COMPARISONS = (
    Comparison(
        "CLA-01", "903", "care", ("start of care", "legal status", "placement"),
        "select child_key, case when is_care_start_known then care_started_on end, legal_status, placement"
        " from intermediate.int_return_903__year_end where collection_year = %(year)s",
        # From 2025 the return has K3 for what the case system may still call P2 or H5.
        "select child_key, period_started_on, legal_status,"
        " case when placement_type in ('P2', 'H5') and %(year)s >= 2025 then 'K3' else placement_type end"
        " from intermediate.int_cla__cohort where snapshot_on = %(last_on)s",
    ),
    Comparison(
        "CLA-03", "903", "care", ("start of care",),
        CASES_903.format(values="happened_on", id="CLA-03"),
        OBSERVED.format(values="min(observed_on)", id="CLA-03") + " group by child_key",
    ),
    Comparison(
        "CLA-05", "903", "care", ("end of care", "reason"),
        CASES_903.format(values="happened_on, detail", id="CLA-05"),
        OBSERVED.replace("select ", "select distinct on (child_key) ").format(values="observed_on, detail", id="CLA-05")
        + " order by child_key, observed_on desc",
    ),
    _yearly_share("CLA-07", "CLA-01"),
    Comparison(
        "PLC-01", "903", "care", ("placements in the year",),
        "select child_key, placements_in_year from intermediate.int_return_903__year_end"
        " where collection_year = %(year)s",
        "select child_key, placements from intermediate.int_cla__snapshot_stability where snapshot_on = %(last_on)s",
    ),
    _yearly_share("CLA-17", "CLA-01"),
    _yearly("HLT-03"),
    _yearly("HLT-04"),
    _yearly("HLT-07"),
    _yearly("OFF-01"),
    _events("MIS-01", "903", "missing", ("start",), "happened_on"),
    _events("ADO-01", "903", "care", ("adopted on",), "happened_on"),
    Comparison(
        "REF-01", "cin", "referral", ("referred on", "source", "no further action"),
        "select child_key, referred_on, referral_source, is_nfa from intermediate.int_return_cin__referral"
        " where collection_year = %(year)s and referred_on >= %(first_on)s",
        "select child_key, referred_on, source_code, is_nfa from intermediate.int_referral"
        " where referred_on between %(first_on)s and %(last_on)s",
    ),
    Comparison(
        "CIN-01", "cin", "referral", ("referred on", "primary need"),
        "select child_key, referred_on, primary_need_code from intermediate.int_return_cin__referral"
        " where collection_year = %(year)s and closed_on is null and not is_nfa and not is_not_in_need",
        "select child_key, referred_on, primary_need_code from intermediate.int_cin__snapshot"
        " where snapshot_on = %(last_on)s",
    ),
    _events("CIN-04", "cin", "referral", ("closed on", "reason"), "happened_on, detail"),
    Comparison(
        "ASM-01", "cin", "assessment", ("authorised on", "start"),
        "select child_key, authorised_on, started_on from intermediate.int_return_cin__assessment"
        " where collection_year = %(year)s and authorised_on >= %(first_on)s",
        "select child_key, authorised_on, started_on from intermediate.int_assessment"
        " where authorised_on between %(first_on)s and %(last_on)s",
    ),
    _events("S47-01", "cin", "enquiry", ("start",), "happened_on"),
    _events("S47-06", "cin", "conference", ("held on",), "happened_on"),
    Comparison(
        "CP-01", "cin", "plan", ("start", "category"),
        "select child_key, started_on, latest_category from intermediate.int_return_cin__plan"
        " where collection_year = %(year)s and ended_on is null",
        "select child_key, started_on, latest_category from intermediate.int_cp_plan__snapshot"
        " where snapshot_on = %(last_on)s",
    ),
    _events("CP-03", "cin", "plan", ("start", "first category"), "happened_on, detail"),
    _events("CP-05", "cin", "plan", ("end",), "happened_on"),
)  # fmt: skip
