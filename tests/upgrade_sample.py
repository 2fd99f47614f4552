"""Deliveries of invented people for a database that an earlier version of the code makes.

`upgrade_issue_2.sql` is what commit ff35055 (the end of issue 2) makes of them, with these four feeds alone: its tree
without the other feeds first on PYTHONPATH, `load_all` into an empty database, then `pg_dump --inserts --no-owner
--no-acl` without psql's own commands. Only standard packages are imported here, because the earlier version runs it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

COUNCIL = "barnet"
MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 30)
HEADERS = {
    "ssd_person": (
        "pers_person_id,pers_forename,pers_surname,pers_sex,pers_ethnicity,pers_dob,pers_upn,pers_legacy_id,"
        "pers_gender,pers_single_unique_id,pers_upn_unknown,pers_send_flag,pers_expected_dob,pers_death_date,"
        "pers_is_mother,pers_nationality"
    ),
    "ssd_cin_episodes": (
        "cine_referral_id,cine_person_id,cine_referral_date,cine_cin_primary_need_code,"
        "cine_referral_source_code,cine_referral_source_desc,cine_referral_outcome_json,cine_referral_nfa,"
        "cine_close_reason,cine_close_date,cine_referral_team,cine_referral_worker_id"
    ),
    "ssd_assessment_factors": ("cinf_table_id,cinf_assessment_id,cinf_assessment_factors_json"),
    "feedback": (
        "feedback_id,child_id,source,received_on,score,comment,respondent,team_id,worker_id,sentiment,theme,"
        "stage,responded_on,upheld"
    ),
}


def texts(day: date) -> dict[str, list[str]]:
    """The lines of each feed's file. In April a child and a referral are new, one is changed."""
    later = day == APRIL
    people = [f"{n:05d},Made{n},Up'{n},F,WBRI,2015-0{n}-17,A{n:012d}" for n in range(1, 8 + later)]
    referrals = [f"R{n},{n:05d},2026-01-{n:02d},N1,1A" for n in range(1 + later, 8)]
    referrals += ["R1,00001,2026-01-01,N2,1A", "R20,00003,2026-04-02,N4,2A"] if later else ["R3,00003,2026-01-03,N1,1A"]
    referrals += ["R30,00004,31/02/2026,N1,1A"]
    return {
        "ssd_person": people,
        "ssd_cin_episodes": referrals,
        "ssd_assessment_factors": [f'F{n},A{n},"[""2A"", ""4B""]"' for n in range(1, 5)],
        "feedback": [f'B{n},{n:05d},survey,2026-02-{n:02d},{n},"said, ""well"" {n}"' for n in range(1, 6)],
    }


def write_files(folder: Path) -> list[tuple[date, list[Path]]]:
    """Write the files of both deliveries and return them by as-at date."""
    found = []
    for day in (MARCH, APRIL):
        (folder / day.isoformat()).mkdir(parents=True, exist_ok=True)
        paths = [folder / day.isoformat() / f"{feed}.csv" for feed in sorted(HEADERS)]
        for path in paths:
            lines = [HEADERS[path.stem], *(_padded(path.stem, line) for line in texts(day)[path.stem])]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        found.append((day, paths))
    return found


def _padded(feed: str, line: str) -> str:
    """The line with blanks for the columns that the sample leaves out."""
    given = {"ssd_person": 7, "ssd_cin_episodes": 5, "ssd_assessment_factors": 3, "feedback": 6}[feed]
    return line + "," * (HEADERS[feed].count(",") + 1 - given)


def load_all(folder: str) -> None:
    """Write the files and load them with the code at hand."""
    from ingest.load import ingest

    for day, paths in write_files(Path(folder)):
        ingest(paths, COUNCIL, day)


def load_council(folder: str, children: int) -> None:
    """Make a council up and load it with the code at hand, as at the end of September 2026."""
    from ingest.load import ingest
    from synthetic import generate

    Path(folder).mkdir(parents=True, exist_ok=True)
    generate(Path(folder), COUNCIL, children, 2, 3, date(2026, 9, 30))
    ingest([Path(folder)], COUNCIL, date(2026, 9, 30))
