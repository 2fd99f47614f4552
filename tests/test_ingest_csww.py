"""The children's social work workforce census, as XML and as delimited text. All people are made up."""

from __future__ import annotations

from ingest_sample import ask, faults, load, load_one

from ingest.spec import load_specs

HEAD = (
    "<Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>{year}</Year>"
    "<ReferenceDate>{year}-09-30</ReferenceDate></CollectionDetails></Header>\n<LALevelVacancies><NumberOfVacancies>"
    "{vacancies}</NumberOfVacancies><NoAgencyFTE>0.50</NoAgencyFTE><NoAgencyHeadcount>1</NoAgencyHeadcount>"
    "</LALevelVacancies>\n"
)
WORKER = (
    "<CSWWWorker><AgencyWorker>0</AgencyWorker><SWENo>{id}</SWENo><FTE>0.500000</FTE>"
    "<PersonBirthDate>1980-05-17</PersonBirthDate><GenderCurrent>2</GenderCurrent><Ethnicity>WBRI</Ethnicity>"
    "<QualInst>Made-up University</QualInst><QualInst>Invented College</QualInst><OrgRole>5</OrgRole>"
    "<RoleStartDate>2019-01-07</RoleStartDate>{more}</CSWWWorker>\n"
)


def census(path, workers: list[str], year: int = 2022, vacancies: str = "12.25"):
    """Write a census of some workers' elements."""
    path.write_text(HEAD.format(year=year, vacancies=vacancies) + "".join(workers) + "</Message>")
    return path


def test_a_census_loads(db, tmp_path):
    """A row a worker and one for the authority; births and institutions stay out of raw, the month of birth alone."""
    workers = [WORKER.format(id=f"SW0{n}", more="") for n in range(3)]
    results = {result.feed: result for result in load(census(tmp_path / "any name.xml", workers))}
    assert {feed: result.rows_inserted for feed, result in results.items()} == {"csww_vacancy": 1, "csww_worker": 3}
    assert ask('select "NumberOfVacancies"::text, "NoAgencyHeadcount" from raw.csww_vacancy') == [("12.25", 1)]
    columns = ask(
        "select column_name from information_schema.columns where table_name = 'csww_worker' and table_schema = 'raw'"
    )
    assert ("QualInst",) not in columns
    assert ask('select distinct "PersonBirthDate"::text, "CensusYear" from raw.csww_worker') == [("1980-05-01", 2022)]
    assert ask('select distinct "PersonBirthDate"::text, "QualInst" from identity.csww_worker') == [
        ("1980-05-17", "Made-up University; Invented College")
    ]


def test_a_worker_may_leave_and_come_back(db, tmp_path):
    """Two roles of one worker are two rows; a later year's census does not close those of the year before."""
    twice = [WORKER.format(id="SW1", more="<RoleEndDate>2022-03-01</RoleEndDate>")]
    twice.append(twice[0].replace("2019-01-07", "2022-06-01").replace("<RoleEndDate>2022-03-01</RoleEndDate>", ""))
    load(census(tmp_path / "2022.xml", twice))
    load(census(tmp_path / "2023.xml", [WORKER.format(id="SW1", more="")], year=2023))
    in_force = 'select "CensusYear", count(*) from raw.csww_worker where closed_by is null group by 1 order by 1'
    assert ask(in_force) == [(2022, 2), (2023, 1)]


def test_another_years_census_is_read_and_noted(db, tmp_path):
    """The one schema that is known is that of 2022: any other year is read by it, and the delivery says so."""
    results = load(census(tmp_path / "census.xml", [WORKER.format(id="SW1", more="<Shoe>4</Shoe>")], year=2024))
    notes = " ".join(note for result in results for note in result.notes)
    assert "year: Message/Header/CollectionDetails/Year" in notes
    assert "unknown_element: CSWWWorker/Shoe" in notes
    assert {result.rows_inserted for result in results} == {1}


def test_the_delimited_form_loads(db, tmp_path):
    """The same columns as text, the year in a column of its own under any of its names."""
    names = [column.name for column in load_specs()["csww_worker"].columns]
    path = tmp_path / "csww_worker.csv"
    values = {"CensusYear": "2022", "AgencyWorker": "1", "SWENo": "SW7", "FTE": "1.0"}
    rows = [values, values | {"SWENo": ""}]
    lines = [",".join(row.get(name, "") for name in names) for row in rows]
    path.write_text("\n".join([",".join(names).replace("CensusYear", "Census year"), *lines]) + "\n")
    result = load_one(path)
    assert (result.rows_inserted, faults(result.delivery_id)) == (1, [(3, "SWENo", "required")])
