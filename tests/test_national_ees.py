"""Any published data file with its metadata: what is read, what is refused, and where. All figures are made up."""

from __future__ import annotations

import json

import pytest
from ingest_sample import COUNCIL, MAY

from ingest.ees import dataset_of
from ingest.ledger import rejects
from ingest.load import ingest
from sightline import warehouse

pytestmark = pytest.mark.usefixtures("db")
WHERE = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name"
WHERE += ",old_la_code,new_la_code,la_name"
ENGLAND = "Reporting year,National,E92000001,England,,,,,"
LONDON = "Reporting year,Regional,E92000001,England,E13000002,Outer London,,,"
BARNET = "Reporting year,Local authority,E92000001,England,E13000002,Outer London,302,E09000003,Barnet"
NAME = "made_up_children_2013_to_2026.csv"
META = """col_name,col_type,label,indicator_grouping,indicator_unit,indicator_dp,filter_hint,filter_grouping_column
care_age,Filter,Age in care,,,,,
children_count,Indicator,Number of children,,,0,,
children_percent,Indicator,Share of children,,%,1,,
"""


@pytest.fixture
def drop(tmp_path):
    """Write a data file (and its metadata), take in its folder, and return the one result."""

    def write(*lines, name=NAME, header="care_age,children_count,children_percent", meta=META, **files):
        text = "\n".join([f"{WHERE},{header}", *lines]) + "\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
        if meta:
            (tmp_path / f"{name.removesuffix('.csv')}.meta.csv").write_text(meta, encoding="utf-8")
        for other, content in files.items():
            (tmp_path / other).write_text(content, encoding="utf-8")
        (result,) = ingest([tmp_path / name], COUNCIL, MAY)
        return result

    return write


def stored(columns="indicator, value, value_status"):
    """Figures in force, in the order of the file."""
    with warehouse.connect() as connection:
        return connection.execute(
            f"select {columns} from raw.ees_value where closed_by is null order by row_no"
        ).fetchall()


def told(result):
    """Where the delivery's rejected figures stand in the file: row, sheet, column, rule."""
    with warehouse.connect() as connection:
        found = rejects(connection, result.delivery_id)
    return [(one["row_no"], one["sheet"], one["column_name"], one["rule"]) for one in found]


def test_each_figure_becomes_a_row_with_its_label_and_unit(drop):
    """Level, area, filters as JSON; numbers and symbols apart."""
    result = drop(f'2026,{ENGLAND},"10 to ""15""",620,22.5', f"2026,{BARNET},Total,c,k")
    assert (result.state, result.feed, result.rows_read, result.rows_inserted) == ("loaded", "ees_value", 4, 4)
    assert stored("area_code, area_name, indicator, label, unit, value::text, value_status") == [
        ("E92000001", "England", "children_count", "Number of children", None, "620", "ok"),
        ("E92000001", "England", "children_percent", "Share of children", "%", "22.5", "ok"),
        ("E09000003", "Barnet", "children_count", "Number of children", None, None, "c"),
        ("E09000003", "Barnet", "children_percent", "Share of children", "%", None, "k"),
    ]
    assert [json.loads(text) for (text,) in stored("filters")][::2] == [
        {"care_age": '10 to "15"'},
        {"care_age": "Total"},
    ]
    assert {dataset for (dataset,) in stored("dataset")} == {"made_up_children"}
    assert any("described by made_up_children_2013_to_2026.meta.csv" in note for note in result.notes)


def test_the_row_number_of_a_figure_holds_row_and_column(drop):
    """Row 3, second column of figures: 3002."""
    drop(f"2026,{ENGLAND},Total,1,2", f"2026,{LONDON},Total,3,4")
    assert stored("row_no, value::int") == [(2001, 1), (2002, 2), (3001, 3), (3002, 4)]


def test_every_symbol_of_published_statistics_is_kept(drop):
    """A symbol never becomes a number; a blank is neither."""
    symbols = ("c", "k", "low", "u", "x", "z", ":")
    drop(*(f"{2010 + at},{ENGLAND},Total,{symbol},1" for at, symbol in enumerate(symbols)))
    found = [(value, status) for _, value, status in stored() if value is None]
    assert found == [(None, symbol) for symbol in symbols]


def test_without_metadata_numbers_are_figures_and_the_rest_filters(drop):
    """The delivery's notes say so."""
    result = drop(f"2026,{ENGLAND},Total,1,z", meta=None)
    assert [indicator for indicator, *_ in stored()] == ["children_count", "children_percent"]
    assert any("no .meta.csv" in note and "care_age" in note for note in result.notes)


def test_metadata_of_another_name_in_the_folder_is_found_by_its_columns(drop):
    """Where one file alone of the folder fits."""
    other = META.replace("care_age", "something_else")
    result = drop(f"2026,{ENGLAND},Total,1,2", meta=None, **{"other.meta.csv": META, "third.meta.csv": other})
    assert stored("label")[0] == ("Number of children",)
    assert result.state == "loaded"


@pytest.mark.parametrize(
    ("meta", "rule", "place"),
    [
        (META.replace("children_percent", "children_share"), "missing_column", (1, "children_share")),
        (META.replace("col_type", "kind"), "meta", (1, "col_type")),
        (META.replace("Filter,Age", "Filtre,Age"), "meta", (2, "col_type")),
        (META.replace("children_percent", "children_count"), "meta", (4, "col_name")),
        (META.replace("Indicator", "Filter"), "missing_column", (1, None)),
    ],
)
def test_wrong_metadata_is_refused_with_row_and_column(drop, meta, rule, place):
    """A column that the data has not, a header without its columns, an unknown type, a column twice, no figures."""
    result = drop(f"2026,{ENGLAND},Total,1,2", meta=meta)
    assert (result.state, result.rule) == ("refused", rule)
    row, column = place
    assert f"row {row}" in result.error and (column is None or f"column {column}" in result.error)


def test_a_bad_figure_is_told_by_the_files_row_and_column(drop):
    """Others of the same row are loaded."""
    result = drop(f"2026,{ENGLAND},Total,1,2", f"2026,{BARNET},Total,many,4", f"2026,{LONDON},Total,5,1.2.3")
    assert (result.rows_read, result.rows_inserted, result.rows_rejected) == (6, 4, 2)
    assert told(result) == [
        (3, "children_count", "children_count", "type"),
        (4, "children_percent", "children_percent", "type"),
    ]


def test_an_unknown_level_is_told_for_each_figure_of_its_row(drop):
    """With the file's row and the column of the level."""
    result = drop(f"2026,{ENGLAND},Total,1,2", f"2026,{BARNET},Total,3,4".replace("Local authority", "Parish"))
    assert result.rows_rejected == 2
    assert told(result) == [
        (3, column, "geographic_level", "code") for column in ("children_count", "children_percent")
    ]


def test_an_area_without_a_code_is_told(drop):
    """An authority has its old code where the new one is missing; without either it is set aside."""
    no_new = BARNET.replace("E09000003", "")
    result = drop(f"2026,{no_new},Total,1,2", f"2026,{no_new.replace('302', '')},All,3,4")
    assert stored("area_code") == [("302",), ("302",)]
    assert [(row, column, rule) for row, _, column, rule in told(result)] == [(3, "area_code", "required")] * 2


def test_a_figure_that_comes_twice_is_told(drop):
    """The first counts; an equal one is a duplicate, another one is rejected under the file's row and column."""
    result = drop(f"2026,{ENGLAND},Total,1,2", f"2026,{ENGLAND},Total,1,3")
    assert (result.rows_inserted, result.rows_duplicate, result.rows_rejected) == (2, 1, 1)
    assert told(result) == [(3, "children_percent", "children_percent", "key")]


def test_a_row_of_another_width_refuses_the_file(drop):
    """A published file is made by a machine: such a row means that it was damaged."""
    result = drop(f"2026,{ENGLAND},Total,1,2", f"2026,{BARNET},Total,3")
    assert (result.state, result.rule) == ("refused", "width")
    assert "row 3" in result.error and stored() == []


def test_next_years_file_goes_on_where_this_years_ends(drop):
    """The same dataset: what is printed again is unchanged, what was revised supersedes, what is new is added."""
    drop(f"2025,{ENGLAND},Total,1,2", f"2025,{BARNET},Total,c,4")
    result = drop(
        f"2026,{ENGLAND},Total,5,6", f"2025,{ENGLAND},Total,1,2", f"2025,{BARNET},Total,7,4",
        name="made_up_children_2013_to_2027.csv",
    )  # fmt: skip
    assert (result.rows_inserted, result.rows_unchanged, result.rows_closed) == (3, 3, 1)
    assert len(stored()) == 6


def test_a_folder_of_several_datasets_taken_in_again_writes_nothing(drop, tmp_path):
    """Each dataset is known by its own last delivery."""
    drop(f"2026,{ENGLAND},Total,1,2")
    drop(f"2026,{ENGLAND},Total,3,4", name="other_children.csv")
    again = ingest([tmp_path], COUNCIL, MAY)
    assert [(one.state, one.is_new, one.sheet) for one in again] == [
        ("unchanged", False, "made_up_children"),
        ("unchanged", False, "other_children"),
    ]


@pytest.mark.parametrize(("promised", "state"), [(2, "loaded"), (3, "refused")])
def test_the_manifest_counts_the_files_rows(tmp_path, promised, state):
    """Not the figures in them."""
    (tmp_path / NAME).write_text(f"{WHERE},a,b\n2026,{ENGLAND},1,2\n2025,{ENGLAND},3,4\n")
    (tmp_path / "manifest.json").write_text(json.dumps({"files": {NAME: {"rows": promised}}}))
    (result,) = ingest([tmp_path], COUNCIL, MAY)
    assert result.state == state


def test_a_feed_with_a_table_of_its_own_keeps_its_files(tmp_path):
    """By header, under any name; and by name with a column missing, which is refused. Renamed columns are read here."""
    own = "category,CPP_At31_3Months,Reviewed_within_timescales,Reviewed_within_timescales_percent"
    (tmp_path / "download.csv").write_text(f"{WHERE},{own}\n2026,{ENGLAND},Plans,100,90,90\n")
    (tmp_path / "d6_cpps_reviewed_2026.csv").write_text(f"{WHERE},{own.rsplit(',', 1)[0]}\n2026,{ENGLAND},Plans,1,1\n")
    (tmp_path / "d6_cpps_reviewed_2027.csv").write_text(
        f"{WHERE},category,plan_count,plan_percent\n2026,{ENGLAND},P,1,1\n"
    )
    results = {one.file_name: (one.state, one.feed) for one in ingest([tmp_path], COUNCIL, MAY)}
    assert results == {
        "download.csv": ("loaded", "ees_cp_reviews"),
        "d6_cpps_reviewed_2026.csv": ("refused", "ees_cp_reviews"),
        "d6_cpps_reviewed_2027.csv": ("loaded", "ees_value"),
    }


def test_a_link_as_metadata_is_refused(tmp_path):
    """Nothing outside the folder is read."""
    (tmp_path / "outside").write_text(META)
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / NAME).write_text(f"{WHERE},care_age,children_count,children_percent\n2026,{ENGLAND},Total,1,2\n")
    (folder / NAME.replace(".csv", ".meta.csv")).symlink_to(tmp_path / "outside")
    (result,) = ingest([folder], COUNCIL, MAY)
    assert (result.state, result.rule) == ("refused", "not_a_file")


@pytest.mark.parametrize(
    ("name", "dataset"),
    [
        ("c1_referrals_2013_to_2025.csv", "c1_referrals"),
        ("csww_indicators_2017-2026.csv", "csww_indicators"),
        ("la_care_leavers_activity.csv", "la_care_leavers_activity"),
        ("absence_202425.csv", "absence"),
        ("2024.csv", "2024"),
    ],
)
def test_a_dataset_is_the_files_name_without_its_years(name, dataset):
    """So that a dataset goes on from release to release."""
    assert dataset_of(name) == dataset


def test_population_and_neighbours_load_as_they_are_published(tmp_path):
    """Populations by age and sex in words; neighbours by the department's codes, without a year."""
    files = {
        "population_estimate_2025.csv": "GEOGRAPHY_CODE,GEOGRAPHY_NAME,DATE,age_from,age_to,sex,OBS_VALUE\n"
        "E09000003,Barnet,2025,0,0,Females,100\nE09000003,Barnet,2025,0,0,males,110\n",
        "population_0_17.csv": "mid_year,area_code,area_name,area_type,old_la_code,population_estimate\n"
        "2025,E09000003,Barnet,Local authority,302,94000\n2025,E06000060,Cumbria,Local authority,909,z\n",
        "statistical_neighbours_2026.csv": "la_code,la_name,rank,sn_code,sn_name\n302,Barnet,1,320,Waltham F\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    results = ingest([tmp_path], COUNCIL, MAY)
    assert {(one.feed, one.state, one.rows_rejected) for one in results} == {
        (feed, "loaded", 0) for feed in ("population_estimate", "population_0_17", "statistical_neighbour")
    }
    with warehouse.connect() as connection:
        rows = connection.execute("select sex, persons from raw.population_estimate order by 1").fetchall()
    assert rows == [("F", 100), ("M", 110)]
