"""The catalogue of indicators and the clocks: complete, well formed, and agreeing with what they point to."""

import csv
import itertools
import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
import yaml

from sightline.framework import ClockParameter

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "dbt_project" / "seeds"

COMPUTED = re.findall(
    r"\S+",
    """
    CON-01 CON-02 CON-03 CON-04 EH-01 EH-02 EH-03 EH-04
    REF-01 REF-02 REF-03 REF-03c REF-04 REF-05 REF-06 REF-06h REF-06p REF-06s REF-07 REF-08 REF-09
    ASM-01 ASM-02 ASM-03 ASM-04 ASM-05 ASM-06 ASM-07 ASM-08 ASM-09 ASM-10
    S47-01 S47-02 S47-03 S47-04 S47-05 S47-06 S47-07 S47-07x S47-08a S47-08b S47-08c S47-08d S47-09 S47-10
    CIN-01 CIN-02 CIN-03 CIN-04 CIN-05a CIN-05b CIN-05c CIN-05d CIN-05e CIN-06a CIN-06b CIN-06c CIN-06d CIN-06e
    CIN-07 CIN-08 CIN-09 CIN-10 CIN-11 CIN-12 CIN-13 CIN-14
    CP-01 CP-02 CP-03 CP-04 CP-05 CP-06 CP-07a CP-07b CP-07c CP-07d CP-08 CP-09 CP-10 CP-11 CP-12 CP-13 CP-14 CP-15
    CP-16 CP-17 CP-17q CP-18 CP-19
    CLA-01 CLA-02 CLA-03 CLA-04 CLA-05 CLA-06 CLA-07 CLA-08 CLA-09 CLA-10 CLA-11 CLA-12a CLA-12b CLA-13 CLA-14 CLA-15
    CLA-16 CLA-17 CLA-18 CLA-19 CLA-20 CLA-21 CLA-22
    PLC-01 PLC-02 PLC-03 PLC-04 PLC-05 PLC-06 PLC-07 PLC-08 PLC-09 PLC-10 PLC-11 PLC-12 PLC-13 PLC-15 PLC-16
    HLT-01 HLT-02 HLT-03 HLT-04 HLT-05 HLT-07 MIS-01 MIS-02 MIS-03 MIS-04 MIS-05 MIS-06
    CL-01 CL-02 CL-03 CL-04 CL-04_17-18 CL-05 CL-05_17-18 CL-06 CL-06_17-18 CL-07 CL-07b CL-08 CL-10 CL-11
    ADO-01 ADO-02 ADO-02a ADO-02b ADO-03 ADO-04 ADO-05 ADO-06 ADO-07 ADO-08 ADO-09 ADO-10 ADO-11 ADO-12 ADO-13 ADO-14
    ADO-15 HLT-07a HLT-07b HLT-07c HLT-08 HLT-09 HLT-10 OFF-01 PEP-01 PEP-02 LEG-02 LEG-03 LEG-04 PF-01 PF-02 PF-03
    WF-03 WF-05 WF-06 WF-07 WF-09 WF-10 WF-11 WF-12 WF-13 WF-14 EDU-08b EDU-19 HLT-06 HLT-11
    ADT-01 ADT-02 ADT-03 ADT-04
    AUD-07 AUD-08 AUD-09 SUP-01 SUP-02 SUP-03 SUP-04 OBS-01 OBS-02 OBS-03 OBS-04 PD-01 PD-02 FOUR-01 FOUR-02 MOD-01
    MOD-02 CHR-01 CHR-02 CHR-03 CHR-04 CHR-05 DIP-01 DIP-02 THM-01 THM-02 FB-04 FB-05 FB-06 ADV-01 ADV-02 ADV-03
    STF-01 STF-02 WF-01 WF-02 WF-04 WF-08 WF-15 WF-16
    AUD-01 AUD-02 AUD-03 AUD-04 AUD-05 AUD-06 ESC-01 FB-01 FB-02 FB-03
    """,
)
AS_AT_ONLY = {"HLT-05", "CL-02", "CL-04", "CL-04_17-18", "CL-05", "CL-05_17-18", "CL-10", "CL-11"}
AS_AT_ONLY |= {"PLC-04", "ADT-01", "ADT-02", "ADT-03", "ADT-04"}
AS_AT_ONLY |= {"CLA-20", "CL-01", "CL-03", "CL-06", "CL-06_17-18", "CL-07", "CL-07b", "CL-08"}
COMPUTED_CLOCKS = re.findall(
    r"\S+",
    """
    T01 T02 T03 T04 T05_first T05_later T07 T08_first T08_second T08_later T09_first T09_year_one T09_long_term
    T09_later T09_parents_first T09_parents_later T10_initial T10_review_under_5 T10_review_5_plus T13_review T16 L01
    T05b_birth T06 T11_first T15_first T15_year_one T15_later T17_match T18_emergency_order T18_assessment_order
    T18_short_break_single L04
    """,
)

COLUMNS = [
    "indicator_id", "title", "domain", "page", "definition", "numerator_text", "denominator_text", "kind", "unit",
    "decimals", "better", "timing", "aggregation", "cadence", "clock_id", "feed", "history", "source", "legal_basis",
    "benchmark_id", "owner", "caveat", "detail_of", "made_of", "status", "since",
]  # fmt: skip
CLOCK_COLUMNS = [
    "clock_id", "title", "limit_number", "limit_unit", "start_event", "done_event", "legal_basis", "source",
    "basis_kind", "parameter", "status", "reason",
]  # fmt: skip
ALLOWED = {
    "kind": {"count", "percentage", "rate", "mean", "median"},
    "better": {"high", "low", "context"},
    "timing": {"event", "snapshot"},
    "aggregation": {"sum", "distinct", "repeat", "median", "mean", "share", "split", "of_council", "total"},
    "history": {"full", "as_at_only"},
    "status": {"computed", "held_elsewhere", "needs_data"},
    "page": {"", *map(str, range(18))},
    "decimals": {"0", "1", "2"},
}
CLOCK_ALLOWED = {
    "limit_unit": {"working_days", "calendar_days", "months", "weeks", "hours"},
    "basis_kind": {"statute", "guidance", "local"},
    "status": {"computed", "planned", "no_data", "unverified"},
}
MAY_BE_BLANK = {"page", "denominator_text", "clock_id", "benchmark_id", "caveat", "detail_of", "made_of"}


def _rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


INDICATORS = _rows("indicators.csv")
CLOCKS = _rows("clocks.csv")
BY_ID = {row["indicator_id"]: row for row in INDICATORS}


def _repeated(rows: list[dict[str, str]], column: str) -> list[str]:
    return [value for value, times in Counter(row[column].casefold() for row in rows).items() if times > 1]


def _disallowed(rows: list[dict[str, str]], key: str, allowed: dict[str, set[str]]) -> list[tuple[str, str, str]]:
    return [(row[key], name, row[name]) for row in rows for name, values in allowed.items() if row[name] not in values]


def test_every_indicator_of_this_release_is_computed_and_no_other():
    assert sorted(row["indicator_id"] for row in INDICATORS if row["status"] == "computed") == sorted(COMPUTED)


def test_columns_are_those_of_the_contract():
    assert list(INDICATORS[0]) == COLUMNS
    assert list(CLOCKS[0]) == CLOCK_COLUMNS


@pytest.mark.parametrize(
    "rows, key", [(INDICATORS, "indicator_id"), (CLOCKS, "clock_id")], ids=["indicators", "clocks"]
)
def test_ids_and_titles_are_used_once(rows, key):
    assert _repeated(rows, key) == []
    assert _repeated(rows, "title") == []


def test_enumerations_are_valid():
    assert _disallowed(INDICATORS, "indicator_id", ALLOWED) == []
    assert _disallowed(CLOCKS, "clock_id", CLOCK_ALLOWED) == []


def test_cadences_are_periods_from_short_to_long():
    order = "DWMQY"
    for row in INDICATORS:
        letters = row["cadence"].split("/")
        assert letters == sorted(set(letters), key=order.index), row["indicator_id"]


def test_rows_follow_the_pages_of_the_report():
    pages = [int(row["page"] or 99) for row in INDICATORS]
    assert pages == sorted(pages)


def test_computed_rows_have_no_blank_required_field():
    required = set(COLUMNS) - MAY_BE_BLANK
    blank = [(i, name) for i in COMPUTED for name in sorted(required) if not BY_ID[i][name].strip()]
    assert blank == []


def test_only_counts_go_without_a_denominator():
    wrong = [i for i, row in BY_ID.items() if bool(row["denominator_text"]) == (row["kind"] == "count")]
    assert wrong == []


def test_kind_and_aggregation_agree():
    fitting = {
        "count": {"sum", "distinct", "total"},
        "rate": {"sum", "total"},
        "percentage": {"sum", "distinct", "repeat", "share", "split", "of_council"},
        "mean": {"mean"},
        "median": {"median"},
    }
    assert [i for i, row in BY_ID.items() if row["aggregation"] not in fitting[row["kind"]]] == []


def test_what_is_made_of_counts_names_computed_counts_of_its_own_timing():
    """A split may be made of its own cases, and a count of a stock and a flow; a rate has one count above its line."""
    for indicator_id, row in BY_ID.items():
        parts = row["made_of"].split()
        assert bool(parts) == (row["aggregation"] in {"share", "split", "of_council", "total"}), indicator_id
        for part in set(parts) - {indicator_id}:
            assert (BY_ID[part]["kind"], BY_ID[part]["status"]) == ("count", "computed"), indicator_id
            is_sum_of_counts = row["aggregation"] == "total" and row["kind"] == "count"
            assert is_sum_of_counts or BY_ID[part]["timing"] == row["timing"], indicator_id
            assert BY_ID[part]["history"] == row["history"], indicator_id
        assert len(parts) <= 1 or row["kind"] == "count", indicator_id
        assert row["aggregation"] != "split" or row["detail_of"], indicator_id
        # Its cases stand at the steps of the count's series.
        is_of_sums = {BY_ID[part]["aggregation"] for part in parts} == {"sum"}
        assert row["aggregation"] != "share" or is_of_sums, indicator_id


def test_every_model_of_observations_is_of_one_subject_and_so_is_every_indicator():
    """The tables of observations have an index each that holds a case to be counted once."""
    models = ROOT / "dbt_project" / "models" / "intermediate"
    listed = [
        re.findall(r"'(int_\w+__observations)'", path.read_text()) for path in models.glob("int_observation__*.sql")
    ]
    assert sorted(itertools.chain(*listed)) == sorted(path.stem for path in models.glob("int_*__observations.sql"))
    ids = [
        {one for name in names for one in re.findall(r"'([A-Z]+-\d+\w?)'", (models / f"{name}.sql").read_text())}
        for names in listed
    ]
    assert [one & other for one, other in itertools.combinations(ids, 2) if one & other] == []


def test_units_fit_the_kind():
    wrong = [
        i
        for i, row in BY_ID.items()
        if (row["kind"] == "percentage") != (row["unit"] == "%")
        or (row["kind"] == "rate") != row["unit"].startswith("per 1")
    ]
    assert wrong == []


def test_what_is_made_of_amounts_has_no_interval_of_chance():
    """Full-time equivalents and days are no cases: the list of the macro is the catalogue's."""
    macro = (ROOT / "dbt_project" / "macros" / "intervals.sql").read_text(encoding="utf-8")
    listed = set(re.findall(r"'(\w+-\w+)'", macro))
    texts = {i: BY_ID[i]["numerator_text"] for i in COMPUTED if BY_ID[i]["kind"] not in ("mean", "median")}
    assert {i for i, text in texts.items() if text.startswith(("Full-time equivalents", "Working days"))} == listed


def test_indicators_known_at_the_as_at_date_alone_are_marked():
    assert {i for i, row in BY_ID.items() if row["history"] == "as_at_only"} == AS_AT_ONLY


def test_definitions_and_caveats_end_with_a_full_stop():
    wrong = [i for i, row in BY_ID.items() if not row["definition"].endswith(".")]
    wrong += [i for i, row in BY_ID.items() if row["caveat"] and not row["caveat"].endswith(".")]
    assert wrong == []


def test_no_field_has_stray_blanks_or_begins_like_a_formula():
    wrong = re.compile(r"\s|[=+@]|.*\s$|.*\s\s", flags=re.DOTALL)
    assert [value for row in INDICATORS + CLOCKS for value in row.values() if wrong.match(value)] == []


def test_ids_are_those_that_a_council_file_may_name():
    pattern = re.compile(r"[A-Z0-9]{2,4}-\d{2}[a-z]?(_\d+-\d+)?")
    assert [i for i in BY_ID if not pattern.fullmatch(i)] == []


def test_what_needs_data_names_what_is_missing():
    assert [i for i, row in BY_ID.items() if row["status"] == "needs_data" and "Needs " not in row["caveat"]] == []


def test_what_is_held_elsewhere_names_columns_that_exist(on_built):
    caveats = {i: row["caveat"] for i, row in BY_ID.items() if row["status"] == "held_elsewhere"}
    assert [i for i, caveat in caveats.items() if not caveat.startswith("Held in ")] == []
    named = {i: re.findall(r"\b[a-z_]+\.[a-z_]+\.[a-z_0-9]+\b", caveat) for i, caveat in caveats.items()}
    assert all(named.values())
    with on_built.connect() as connection:
        rows = connection.execute("select table_schema, table_name, column_name from information_schema.columns")
        there = {".".join(row) for row in rows}
    assert [(i, column) for i, columns in named.items() for column in columns if column not in there] == []


def test_every_clock_named_exists():
    clocks = {row["clock_id"] for row in CLOCKS}
    missing = [(i, clock) for i, row in BY_ID.items() for clock in row["clock_id"].split() if clock not in clocks]
    assert missing == []


def test_clocks_of_this_release_are_computed_and_the_rest_say_why_not():
    assert {row["clock_id"] for row in CLOCKS if row["status"] == "computed"} == set(COMPUTED_CLOCKS)
    assert [row["clock_id"] for row in CLOCKS if bool(row["reason"]) == (row["status"] == "computed")] == []


def test_a_clock_has_a_national_limit_or_a_parameter_of_the_council():
    """A limit is a whole number of its unit; without one the council's file must have a value of that name."""
    known = {*get_args(ClockParameter), "action_due_in"}
    for row in CLOCKS:
        assert row["limit_number"].isdigit() if row["limit_number"] else row["parameter"] in known, row["clock_id"]


def test_statutory_clocks_cite_a_regulation_or_a_rule_of_the_return():
    statutory = [row for row in CLOCKS if row["basis_kind"] == "statute"]
    assert [row["clock_id"] for row in statutory if not re.search(r"SI \d{4}/\d+|rule \d+", row["legal_basis"])] == []


def test_benchmarks_exist_in_the_published_figures():
    file = SEEDS / "published_figures.csv"
    if not file.exists():
        pytest.skip("dbt_project/seeds/published_figures.csv is not built yet")
    published = {row["indicator_id"] for row in _rows(file.name)}
    named = {BY_ID[i]["benchmark_id"] for i in COMPUTED} - {""}
    assert named <= published, sorted(named - published)


@pytest.mark.parametrize("seed, columns", [("indicators", COLUMNS), ("clocks", CLOCK_COLUMNS)])
def test_every_column_is_described_and_typed(seed, columns):
    documented = yaml.safe_load((SEEDS / "catalogue.yml").read_text(encoding="utf-8"))
    entry = next(item for item in documented["seeds"] if item["name"] == seed)
    assert [column["name"] for column in entry["columns"]] == columns
    assert all(column["description"].strip() for column in entry["columns"])
    assert list(entry["config"]["column_types"]) == columns


def test_glossary_is_alphabetical():
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    terms = [term.casefold() for term in re.findall(r"^\*\*(.+?)\*\*", text, flags=re.MULTILINE)]
    assert len(terms) > 40
    assert terms == sorted(terms)
