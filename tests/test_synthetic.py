"""The made-up council: the same bytes for the same arguments, whole histories, published volumes, known faults."""

import csv
import hashlib
import json
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.spec import load_specs
from synthetic import calibration, generate
from synthetic.world import COLUMNS

AS_AT = date(2026, 9, 30)
COUNCILS = ("barnet", "southwark", "west_berkshire", "knowsley", "bcp")
# Dates that lie ahead by their nature: what is due, and when a child is expected.
AHEAD = {
    "pers_expected_dob", "cppr_cp_review_due", "clar_cla_review_due_date", "icpc_icpc_target_date", "due_on",
    "planned_on", "assessed_year_until",
}  # fmt: skip
CALENDAR = "ssd_dim_date"
NOT_MADE_UP = ("cin_", "csww_", "ssda903_", "annex_a_", "restricted_record")
MADE_UP = {feed for feed, spec in load_specs().items() if spec.group != "national" and not feed.startswith(NOT_MADE_UP)}


class Extracts:
    """The files of a folder as lists of dicts, without the planted faults; blank fields stay blank."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = json.loads((folder / "manifest.json").read_text())
        self.faults = json.loads((folder / "planted_faults.json").read_text())
        self.planted = defaultdict(set)
        for fault in self.faults:
            self.planted[fault["file"]].add(fault["row_no"])
        self.read: dict[str, list[dict]] = {}

    def lines(self, feed: str) -> list[list[str]]:
        with (self.folder / f"{feed}.csv").open(encoding="utf-8", newline="") as handle:
            return list(csv.reader(handle))

    def __getitem__(self, feed: str) -> list[dict]:
        if feed not in self.read:
            header, *rows = self.lines(feed)
            bad = self.planted[f"{feed}.csv"]
            good = [row for number, row in enumerate(rows, 2) if number not in bad]
            self.read[feed] = [dict(zip(header, row, strict=True)) for row in good]
        return self.read[feed]

    def by(self, feed: str, column: str) -> dict[str, list[dict]]:
        found = defaultdict(list)
        for row in self[feed]:
            found[row[column]].append(row)
        return found


@pytest.fixture(scope="module")
def extracts(tmp_path_factory) -> Extracts:
    folder = tmp_path_factory.mktemp("synthetic")
    generate(folder, "barnet", 500, 5, 3, AS_AT)
    return Extracts(folder)


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_same_arguments_give_the_same_bytes(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        generate(tmp_path / name, "southwark", 120, 2, seed, AS_AT)
    first, second, other = (hashes(tmp_path / name) for name in "abc")
    assert first == second
    assert first["ssd_person.csv"] != other["ssd_person.csv"]


def test_the_manifest_tells_rows_hashes_and_that_all_is_made_up(extracts):
    assert extracts.manifest["made_up"] is True
    assert (extracts.manifest["council"], extracts.manifest["as_at"]) == ("barnet", "2026-09-30")
    for name, entry in extracts.manifest["files"].items():
        assert entry["sha256"] == hashlib.sha256((extracts.folder / name).read_bytes()).hexdigest(), name
        assert entry["rows"] == len(extracts.lines(name.removesuffix(".csv"))) - 1, name


def test_the_number_of_children_is_the_one_asked_for(extracts):
    assert len({row["pers_person_id"] for row in extracts["ssd_person"]}) == 500
    seen = {row["cont_person_id"] for row in extracts["ssd_contacts"]}
    seen |= {row["cine_person_id"] for row in extracts["ssd_cin_episodes"]}
    assert seen == {row["pers_person_id"] for row in extracts["ssd_person"]}


@pytest.mark.parametrize("feed", sorted(COLUMNS))
def test_columns_are_those_of_the_feed(extracts, feed):
    assert extracts.lines(feed)[0] == COLUMNS[feed]
    columns = load_specs()[feed].columns
    assert COLUMNS[feed] == [column.name for column in columns if column.name in COLUMNS[feed] or not column.optional]


@pytest.mark.parametrize("feed", sorted(COLUMNS))
def test_every_good_row_satisfies_the_feed_specification(extracts, feed):
    """Keys are unique, required fields filled, codes known, dates dates, and ends not before starts."""
    spec, rows = load_specs()[feed], extracts[feed]
    keys = Counter(tuple(row[name] for name in spec.key) for row in rows)
    assert [key for key, times in keys.items() if times > 1] == []
    for column in spec.columns:
        values = {row.get(column.name, "") for row in rows if column.name in COLUMNS[feed] or not column.optional}
        assert not (column.required or column.name in spec.key) or "" not in values, column.name
        assert column.codes is None or values - {""} <= set(column.codes), column.name
        if column.type == "date":
            assert all(date.fromisoformat(value) for value in values - {""}), column.name
    for start, end in spec.order:
        assert not [row for row in rows if row[end] and row[start] > row[end]], (start, end)


def test_nothing_is_dated_after_the_as_at_date(extracts):
    for feed in set(COLUMNS) - {CALENDAR}:
        dated = [c.name for c in load_specs()[feed].columns if c.type in ("date", "timestamp")]
        for name in set(dated) - AHEAD:
            late = [row for row in extracts[feed] if row[name][:10] > AS_AT.isoformat()]
            assert late == [], (feed, name)


@pytest.mark.parametrize(
    ("feed", "column", "parent", "key"),
    [
        *((feed, name, "ssd_person", "pers_person_id") for feed, names in COLUMNS.items()
          for name in names if name.endswith("_person_id") and feed != "ssd_person"),
        *((feed, name, "ssd_cin_episodes", "cine_referral_id") for feed, names in COLUMNS.items()
          for name in names if name.endswith("referral_id") and feed != "ssd_cin_episodes"),
        ("ssd_assessment_factors", "cinf_assessment_id", "ssd_cin_assessments", "cina_assessment_id"),
        ("ssd_initial_cp_conference", "icpc_s47_enquiry_id", "ssd_s47_enquiry", "s47e_s47_enquiry_id"),
        ("ssd_initial_cp_conference", "icpc_cp_plan_id", "ssd_cp_plans", "cppl_cp_plan_id"),
        ("ssd_cp_plans", "cppl_icpc_id", "ssd_initial_cp_conference", "icpc_icpc_id"),
        ("ssd_cp_visits", "cppv_cp_plan_id", "ssd_cp_plans", "cppl_cp_plan_id"),
        ("ssd_cp_reviews", "cppr_cp_plan_id", "ssd_cp_plans", "cppl_cp_plan_id"),
        ("ssd_cla_episodes", "clae_cla_placement_id", "ssd_cla_placement", "clap_cla_placement_id"),
        ("ssd_cla_placement", "clap_cla_id", "ssd_cla_episodes", "clae_cla_id"),
        ("ssd_cla_reviews", "clar_cla_id", "ssd_cla_episodes", "clae_cla_id"),
        ("ssd_cla_visits", "clav_cla_id", "ssd_cla_episodes", "clae_cla_id"),
        ("ssd_permanence", "perm_cla_id", "ssd_cla_episodes", "clae_cla_id"),
        ("return_interview", "missing_id", "ssd_missing", "miss_table_id"),
        ("ssd_involvements", "invo_professional_id", "ssd_professionals", "prof_professional_id"),
        ("ssd_involvements", "invo_professional_team", "ssd_department", "dept_team_id"),
        ("ssd_cin_episodes", "cine_referral_team", "ssd_department", "dept_team_id"),
        ("ssd_cin_assessments", "cina_assessment_worker_id", "ssd_professionals", "prof_professional_id"),
        ("staff_post", "professional_id", "ssd_professionals", "prof_professional_id"),
        ("staff_post", "team_id", "ssd_department", "dept_team_id"),
        ("team_link", "professional_id", "ssd_professionals", "prof_professional_id"),
        ("ssd_department", "dept_team_parent_id", "ssd_department", "dept_team_id"),
    ],
)  # fmt: skip
def test_every_parent_exists(extracts, feed, column, parent, key):
    known = {row[key] for row in extracts[parent]}
    assert {row[column] for row in extracts[feed]} - known <= {""}


@pytest.mark.parametrize("feed", sorted(feed for feed in MADE_UP if load_specs()[feed].parents))
def test_every_declared_parent_exists(extracts, feed):
    """What a specification calls a parent is there."""
    for parent in load_specs()[feed].parents:
        key = load_specs()[parent.feed].key
        known = {tuple(row[name] for name in key) for row in extracts[parent.feed]}
        named = {tuple(row.get(name, "") for name in parent.columns) for row in extracts[feed]}
        assert {values for values in named if all(values)} <= known, parent.feed


def test_episodes_of_care_chain_from_start_to_end(extracts):
    for rows in extracts.by("ssd_cla_episodes", "clae_cla_id").values():
        rows.sort(key=lambda row: row["clae_cla_episode_start_date"])
        starts = [row["clae_cla_episode_start_reason"] for row in rows]
        assert starts[0] == "S" and "S" not in starts[1:]
        for row, following in pairwise(rows):
            assert row["clae_cla_episode_ceased_reason"] == "X1"
            assert row["clae_cla_episode_ceased_date"] == following["clae_cla_episode_start_date"]
        assert rows[-1]["clae_cla_episode_ceased_reason"] != "X1"
        assert bool(rows[-1]["clae_cla_episode_ceased_reason"]) == bool(rows[-1]["clae_cla_episode_ceased_date"])


def test_no_child_is_in_care_without_a_legal_status_and_a_placement(extracts):
    legal, placements = extracts.by("ssd_legal_status", "lega_person_id"), {
        row["clap_cla_placement_id"]: row for row in extracts["ssd_cla_placement"]
    }  # fmt: skip
    for episode in extracts["ssd_cla_episodes"]:
        day = episode["clae_cla_episode_start_date"]
        at_start = [
            row for row in legal[episode["clae_person_id"]]
            if row["lega_legal_status_start_date"] <= day < (row["lega_legal_status_end_date"] or "9999")
        ]  # fmt: skip
        assert len(at_start) == 1
        placement, ceased = placements[episode["clae_cla_placement_id"]], episode["clae_cla_episode_ceased_date"]
        assert placement["clap_cla_placement_start_date"] <= day
        assert (placement["clap_cla_placement_end_date"] or "9999") >= (ceased or "9999")


def test_a_plan_starts_on_the_day_of_its_conference(extracts):
    conferences = {row["icpc_icpc_id"]: row for row in extracts["ssd_initial_cp_conference"]}
    for plan in extracts["ssd_cp_plans"]:
        conference = conferences[plan["cppl_icpc_id"]]
        assert conference["icpc_icpc_date"] == plan["cppl_cp_plan_start_date"]
        assert conference["icpc_icpc_outcome_cp_flag"] == "Y"
        assert (conference["icpc_s47_enquiry_id"] == "") == (conference["icpc_icpc_transfer_in"] == "Y")


@pytest.mark.parametrize(
    ("feed", "parent", "day"),
    [
        ("ssd_cp_reviews", "cppr_cp_plan_id", "cppr_cp_review_date"),
        ("ssd_cp_visits", "cppv_cp_plan_id", "cppv_cp_visit_date"),
    ],
)
def test_reviews_and_visits_lie_within_their_plan(extracts, feed, parent, day):
    plans = {row["cppl_cp_plan_id"]: row for row in extracts["ssd_cp_plans"]}
    for row in extracts[feed]:
        plan = plans[row[parent]]
        assert plan["cppl_cp_plan_start_date"] < row[day] <= (plan["cppl_cp_plan_end_date"] or "9999")


@pytest.mark.parametrize(
    ("feed", "child", "start", "end"),
    [
        ("ssd_cin_episodes", "cine_person_id", "cine_referral_date", "cine_close_date"),
        ("ssd_cp_plans", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
        ("ssd_cin_plans", "cinp_person_id", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
        ("ssd_cla_episodes", "clae_person_id", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date"),
        ("ssd_cla_placement", "clap_person_id", "clap_cla_placement_start_date", "clap_cla_placement_end_date"),
        ("ssd_legal_status", "lega_person_id", "lega_legal_status_start_date", "lega_legal_status_end_date"),
    ],
)  # fmt: skip
def test_a_child_has_one_of_a_kind_at_a_time(extracts, feed, child, start, end):
    for rows in extracts.by(feed, child).values():
        rows.sort(key=lambda row: (row[start], row[end] or "9999"))
        for row, following in pairwise(rows):
            assert row[end] and row[end] <= following[start]


def test_a_case_holds_what_is_done_in_it(extracts):
    """Assessments, enquiries, plans and care lie between the referral and its closing."""
    cases = {row["cine_referral_id"]: row for row in extracts["ssd_cin_episodes"]}
    for feed, referral, start, end in (
        ("ssd_cin_assessments", "cina_referral_id", "cina_assessment_start_date", "cina_assessment_auth_date"),
        ("ssd_s47_enquiry", "s47e_referral_id", "s47e_s47_start_date", "s47e_s47_end_date"),
        ("ssd_cp_plans", "cppl_referral_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
        ("ssd_cin_plans", "cinp_referral_id", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
        ("ssd_cla_episodes", "clae_referral_id", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date"),
        ("ssd_involvements", "invo_referral_id", "invo_involvement_start_date", "invo_involvement_end_date"),
    ):
        for row in extracts[feed]:
            case = cases[row[referral]]
            close = case["cine_close_date"] or "9999"
            assert case["cine_referral_date"] <= row[start] <= close, feed
            assert (row[end] or "9999") <= close, feed


def test_children_are_children_when_they_are_referred(extracts):
    born = {row["pers_person_id"]: row["pers_dob"] or row["pers_expected_dob"] for row in extracts["ssd_person"]}
    for case in extracts["ssd_cin_episodes"]:
        days = (date.fromisoformat(case["cine_referral_date"]) - date.fromisoformat(born[case["cine_person_id"]])).days
        assert -150 <= days < 18 * 365.25
    unborn = [row for row in extracts["ssd_person"] if not row["pers_dob"]]
    assert all(row["pers_expected_dob"] > AS_AT.isoformat() and row["pers_sex"] == "U" for row in unborn)


def test_people_and_places_are_invented(extracts):
    surnames = {row["pers_surname"] for row in extracts["ssd_person"]}
    assert "Quillfeather" in surnames
    homes = Counter(row["addr_address_postcode"].split()[0] for row in extracts["ssd_address"])
    assert set(homes) == {*(f"ZZ{n}" for n in range(1, 10)), "ZZ99"}
    assert homes["ZZ1"] > homes["ZZ2"] > homes["ZZ3"] > homes["ZZ99"]
    assert all(row["clap_cla_placement_postcode"].startswith("ZZ99 ") for row in extracts["ssd_cla_placement"])


def test_further_records_agree_with_the_cases(extracts):
    """Core groups within their plan, education plans within care, plans for special needs after their request."""
    plans = {row["cppl_cp_plan_id"]: row for row in extracts["ssd_cp_plans"]}
    for row in extracts["core_group"]:
        plan = plans[row["cp_plan_id"]]
        assert plan["cppl_person_id"] == row["child_id"]
        assert not row["held_on"] or plan["cppl_cp_plan_start_date"] < row["held_on"]
        assert (row["held_on"] or "0") <= (plan["cppl_cp_plan_end_date"] or "9999")
    entered = defaultdict(list)
    for row in extracts["ssd_cla_episodes"]:
        entered[row["clae_person_id"]].append(row["clae_cla_episode_start_date"])
    for row in extracts["personal_education_plan"]:
        assert not row["completed_on"] or min(entered[row["child_id"]]) < row["completed_on"]
    requests = {row["ehcr_ehcp_request_id"]: row for row in extracts["ssd_ehcp_requests"]}
    for row in extracts["ssd_ehcp_assessment"]:
        request = requests[row["ehca_ehcp_request_id"]]
        assert request["ehcr_ehcp_req_outcome_date"] <= (row["ehca_ehcp_assessment_outcome_date"] or "9999")


def test_every_feed_of_the_council_is_made_up(extracts):
    """All but returns and lists, which come from files of their own, and published statistics."""
    assert MADE_UP - {name.removesuffix(".csv") for name in extracts.manifest["files"]} == set()


def test_families_share_their_journey(extracts):
    together = Counter((row["pers_surname"], row["pers_ethnicity"]) for row in extracts["ssd_person"])
    assert max(together.values()) > 1
    meetings = Counter(row["icpc_icpc_meeting_id"] for row in extracts["ssd_initial_cp_conference"])
    assert max(meetings.values()) > 1


def test_there_are_at_least_twenty_faults_of_every_rule_in_eight_files(extracts):
    assert 20 <= len(extracts.faults) <= 40
    assert len({fault["file"] for fault in extracts.faults}) >= 8
    assert {fault["rule"] for fault in extracts.faults} == {
        "type", "code", "required", "key", "order", "width", "duplicate",
    }  # fmt: skip
    places = [(fault["file"], fault["row_no"]) for fault in extracts.faults]
    assert len(places) == len(set(places))


def test_each_fault_is_where_the_list_says(extracts):
    for fault in extracts.faults:
        feed = fault["file"].removesuffix(".csv")
        header, *rows = extracts.lines(feed)
        row = rows[fault["row_no"] - 2]
        spec = load_specs()[feed]
        value = dict(zip(header, row, strict=False)).get(fault["column"], "")
        earlier = rows[: fault["row_no"] - 2]
        match fault["rule"]:
            case "width":
                assert len(row) != len(header)
            case "duplicate":
                assert row in earlier
            case "key":
                same = [other for other in earlier if other[0] == row[0]]
                assert len(spec.key) == 1 and same and row not in same
            case "required":
                column = next(c for c in spec.columns if c.name == fault["column"])
                assert value == "" and (column.required or column.name in spec.key)
            case "code":
                column = next(c for c in spec.columns if c.name == fault["column"])
                assert value not in column.codes
            case "order":
                start = next(first for first, last in spec.order if last == fault["column"])
                assert value < row[header.index(start)]
            case "type":
                column = next(c for c in spec.columns if c.name == fault["column"])
                assert column.type in ("date", "timestamp", "int", "numeric")


def test_something_is_open_and_overdue_at_the_as_at_date(extracts):
    open_assessments = [row for row in extracts["ssd_cin_assessments"] if not row["cina_assessment_auth_date"]]
    assert len(open_assessments) > 5
    plans = [row for row in extracts["ssd_cp_plans"] if not row["cppl_cp_plan_end_date"]]
    visits = extracts.by("ssd_cp_visits", "cppv_cp_plan_id")
    last = [max((row["cppv_cp_visit_date"] for row in visits[plan["cppl_cp_plan_id"]]), default="") for plan in plans]
    assert len(plans) > 2 and any(day > "2026-09-16" for day in last)


def test_history_reaches_back_before_the_window(extracts):
    """Re-referrals and second plans need what came before the first day of the window."""
    assert min(row["cine_referral_date"] for row in extracts["ssd_cin_episodes"]) < "2020-04-01"


@pytest.mark.parametrize("council", COUNCILS)
def test_volumes_keep_the_published_proportions(tmp_path, council):
    """Stocks at the ends of five financial years and yearly flows, each beside referrals, within a quarter."""
    generate(tmp_path, council, 2500, 5, 1, AS_AT)
    extracts, figures = Extracts(tmp_path), calibration.load(council)
    ends = [date(year, 3, 31).isoformat() for year in range(2022, 2027)]

    def stock(rows: list[dict], start: str, end: str) -> float:
        return sum(row[start] <= day < (row[end] or "9999") for row in rows for day in ends) / len(ends)

    def flow(rows: list[dict], start: str) -> float:
        return sum("2021-04-01" <= row[start] <= "2026-03-31" for row in rows) / 5

    short_breaks = {row["lega_person_id"] for row in extracts["ssd_legal_status"] if row["lega_legal_status"] == "V4"}
    care = [row for row in extracts["ssd_cla_episodes"] if row["clae_person_id"] not in short_breaks]
    need = [
        row for row in extracts["ssd_cin_episodes"]
        if row["cine_referral_nfa"] != "Y" and row["cine_close_reason"] not in ("RC8", "RC9")
    ]  # fmt: skip
    begun = [row for row in care if row["clae_cla_episode_start_reason"] == "S"]
    scale = flow(extracts["ssd_cin_episodes"], "cine_referral_date") / figures.flow("referrals")
    made = {
        "cin_open": stock(need, "cine_referral_date", "cine_close_date"),
        "cin_started": flow(need, "cine_referral_date"),
        "cp_open": stock(extracts["ssd_cp_plans"], "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
        "cp_started": flow(extracts["ssd_cp_plans"], "cppl_cp_plan_start_date"),
        "cla_open": stock(care, "clae_cla_episode_start_date", "clae_cla_episode_ceased_date"),
        "cla_started": flow(begun, "clae_cla_episode_start_date"),
    }
    ratios = {name: round(value / figures.flow(name) / scale, 2) for name, value in made.items()}
    assert all(0.75 <= ratio <= 1.25 for ratio in ratios.values()), ratios


@pytest.mark.parametrize(("children", "years"), [(0, 5), (10, 0)])
def test_impossible_sizes_are_refused(tmp_path, children, years):
    with pytest.raises(ValueError, match="at least 1"):
        generate(tmp_path, "barnet", children, years, 1, AS_AT)


def test_an_unknown_council_is_named_with_the_known_ones(tmp_path):
    with pytest.raises(KeyError, match="known: barnet"):
        generate(tmp_path, "atlantis", 10, 1, 1, AS_AT)
