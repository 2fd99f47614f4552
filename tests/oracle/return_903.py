"""The figures of an SSDA903 return from its own CSV files, child by child: no warehouse, no case-management extract.

`figures({2025: folder, 2026: folder}, 2026)` gives {indicator: Sum}. Earlier years' files are read for what the return
of the year does not reach back to. Written from docs/returns.md.
"""

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from .calendar import add_months, age_in_years, last_day_within

SHORT, TEMPORARY = {"V3", "V4"}, {"T0", "T1", "T2", "T3", "T4"}
FOSTER = {"U1", "U2", "U3", "U4", "U5", "U6"}
ADOPTERS = {"A3", "A4", "A5", "A6"}
OTHER = {"Z1", "Z11", "Z12", "Z13", "Z14"}
PLACES = {
    "PLC-06": FOSTER,
    "PLC-07": {"K1", "K2"},
    "PLC-08": {"H5", "P2", "K3"},
    "PLC-09": {"R1", "R2", "R3", "R5", "S1"},
    "PLC-10": TEMPORARY | OTHER,
    "PLC-11": {"P1"},
}
LEFT = {"CLA-10": {"E43", "E44", "E45", "E46", "E47", "E48"}, "CLA-11": {"E41"}, "CLA-12a": {"E4A"}, "CLA-12b": {"E4B"}}
ACTIVE = {"F1", "P1", "F2", "P2", "F3", "P3", "F4", "P4", "F5", "P5"}
INACTIVE = {"G4", "G5", "G6"}


class Sum(NamedTuple):
    """Above the line, below it (cases that could be judged), and cases that could not."""

    numerator: float
    denominator: int
    unjudged: int


class Tally:
    """Sums answers by indicator: True, False, a number, or None for one that cannot be judged."""

    def __init__(self):
        self._answers = defaultdict(list)

    def add(self, indicator_id, answer):
        """One case of an indicator."""
        self._answers[indicator_id].append(answer)

    def sums(self) -> dict[str, Sum]:
        """The sums of the indicators that have a case."""
        return {
            name: Sum(sum(a for a in answers if a is not None), *self._counts(answers))
            for name, answers in self._answers.items()
        }

    @staticmethod
    def _counts(answers):
        judged = sum(answer is not None for answer in answers)
        return judged, len(answers) - judged


def day(text: str) -> date | None:
    """A day as the return writes it (31/03/2026)."""
    return date(int(text[6:]), int(text[3:5]), int(text[:2])) if text else None


class Episode:
    """One episode as it stands on 31 March."""

    def __init__(self, row, last):
        self.start, end = day(row["DECOM"]), day(row["DEC"])
        self.is_over = end is not None and end <= last
        self.end, self.reason = (end, row["REC"]) if self.is_over else (None, "")
        self.change = row["REASON_PLACE_CHANGE"] if self.is_over else ""
        self.why, self.status, self.place = row["RNE"], row["LS"], row["PLACE"]
        self.provider, self.where = row["PLACE_PROVIDER"], (row["PLACE"], row["PLACE_PROVIDER"], row["URN"])
        self.is_short = self.status in SHORT


class Stay:
    """A placement: where, since when, until when, and whether its first day is known."""

    def __init__(self, episode, is_known):
        self.place, self.start, self.end, self.is_known = episode.place, episode.start, episode.end, is_known
        self.where, self.is_short = episode.where, episode.is_short

    def counts(self):
        """Whether it is a placement in the sense of NI 62."""
        return not self.is_short and (self.end is None or self.end > self.start) and self.place not in ("A3", "A5")


class Care:
    """A period of care: its episodes in order, and its placements."""

    def __init__(self, is_known):
        self.is_known, self.episodes, self.stays, self._was_away = is_known, [], [], False

    def add(self, episode):
        """The next episode."""
        self.episodes.append(episode)
        if episode.place in TEMPORARY:
            self._was_away = True
            return
        is_return = self._was_away and self.stays and self.stays[-1].where == episode.where
        starts = episode.why in ("S", "P", "B") and not is_return
        if starts or not self.stays:
            self.stays.append(Stay(episode, starts))
        else:
            self.stays[-1].end = episode.end
            self.stays[-1].where = episode.where
        self._was_away = False

    @property
    def start(self):
        """The first day that is known of."""
        return self.episodes[0].start


class Return903:
    """The returns of a year and those before it."""

    def __init__(self, folders: dict[int, Path], year: int):
        self.year, self.first, self.last = year, date(year - 1, 4, 1), date(year, 3, 31)
        self.years = sorted(one for one in folders if one <= year)
        self._folders, since = folders, year
        while since - 1 in folders:
            since -= 1
        self.covered_from = date(since - 1, 4, 1)
        self.tally = Tally()

    def rows(self, table, year=None):
        """The rows of a table of one year's return."""
        path = self._folders[year or self.year] / f"ssda903_{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def by_child(self, table, year=None):
        """The same, in lists by child."""
        found = defaultdict(list)
        for row in self.rows(table, year):
            found[row["CHILD"]].append(row)
        return found

    def cares(self) -> dict[str, list[Care]]:
        """Each child's periods of care, oldest first."""
        known = defaultdict(dict)
        for year in self.years:
            for row in self.rows("episodes", year):
                ended = day(row["DEC"])
                if day(row["DECOM"]) <= self.last and (year == self.year or (ended and ended < self.first)):
                    known[row["CHILD"]][day(row["DECOM"])] = Episode(row, self.last)
        return {child: self._split([found[start] for start in sorted(found)]) for child, found in known.items()}

    @staticmethod
    def _split(episodes):
        cares = []
        for episode in episodes:
            if episode.why == "S" or not cares:
                cares.append(Care(episode.why == "S"))
            cares[-1].add(episode)
        return cares


def figures(folders: dict[int, Path], year: int) -> dict[str, Sum]:
    """Every figure of the return, without breakdowns; a rate as its count."""
    of = Return903(folders, year)
    born = {row["CHILD"]: day(row["DOB"]) for row in of.rows("header")}
    uasc = {row["CHILD"]: day(row["DUC"]) for row in of.rows("uasc")}
    cares = of.cares()
    here = {}
    for child, periods in cares.items():
        last = periods[-1].episodes[-1]
        if last.end is None and not last.is_short:
            here[child] = periods[-1]
    _on_31_march(of, here, cares, born, uasc)
    _came(of, cares, uasc)
    _left(of, cares)
    _reviews(of, here, born)
    _outcomes(of, cares, born)
    _leavers(of, born)
    _missing(of, cares)
    return of.tally.sums()


def _on_31_march(of, here, cares, born, uasc):
    workers = of.by_child("sw_episodes")
    two_years_ago = add_months(of.last, -24)
    for child, care in here.items():
        now, tally = care.episodes[-1], of.tally
        stays = [stay for period in cares[child] for stay in period.stays if stay.counts()]
        tally.add("CLA-01", 1)
        tally.add("PLC-13", 1)
        tally.add("CLA-07", child in uasc and (uasc[child] is None or uasc[child] > of.last))
        mine = {
            row["SW_ID"]
            for row in workers[child]
            if day(row["SW_DECOM"]) <= of.last and (day(row["SW_DEC"]) or of.last) >= of.first
        }
        tally.add("CLA-17", len(mine) >= 3)
        tally.add("PLC-01", sum(stay.end is None or stay.end >= of.first for stay in stays) >= 3)
        for indicator_id, places in PLACES.items():
            tally.add(indicator_id, now.place in places)
        is_long = add_months(care.start, 24) <= of.last
        stay = care.stays[-1] if now.place not in TEMPORARY else None
        is_long_here = stay is not None and add_months(stay.start, 24) <= of.last
        if is_long or not care.is_known:
            moves = sum(stay.end is None or stay.end > two_years_ago for stay in stays)
            is_known = moves >= 3 or of.covered_from <= two_years_ago + timedelta(days=1) or is_long_here
            tally.add("PLC-03", (moves >= 3) if is_long and is_known else None)
        if age_in_years(born[child], of.last) < 16:
            if add_months(care.start, 30) <= of.last:
                tally.add("PLC-02", _is_settled(of, care, stay))
            elif not care.is_known:
                tally.add("PLC-02", None)


def _is_settled(of, care, stay):
    if stay is None:
        return False
    if add_months(stay.start, 24) <= of.last:
        return True
    before = care.stays[-2] if len(care.stays) > 1 else None
    is_adoption = stay.place in ADOPTERS
    if is_adoption and before and add_months(before.start, 24) <= of.last:
        return True
    is_known = stay.is_known and (not is_adoption or before is None or before.is_known)
    return False if is_known else None


def _came(of, cares, uasc):
    for child, periods in cares.items():
        starts = [
            care.start for care in periods if care.is_known and care.start >= of.first and not care.episodes[0].is_short
        ]
        if starts:
            of.tally.add("CLA-03", 1)
            of.tally.add("CLA-08", child in uasc and (uasc[child] is None or uasc[child] > starts[0]))


def _left(of, cares):
    decisions, adoptions = of.by_child("placed_for_adoption"), of.by_child("ad1")
    for child, periods in cares.items():
        everything = [(care, episode) for care in periods for episode in care.episodes]
        for one, after in zip(everything, [*everything[1:], (None, None)], strict=True):
            is_move = one[1].is_over and one[1].end >= of.first and one[1].reason == "X1" and not one[1].is_short
            if is_move and after[1] and after[1].start == one[1].end and after[1].why in ("P", "B", "T", "U"):
                of.tally.add("PLC-12", 1)
        ends = [
            (care, one)
            for care, one in everything
            if one.is_over and one.end >= of.first and one.reason != "X1" and not one.is_short
        ]
        if not ends:
            continue
        care, end = ends[-1]
        of.tally.add("CLA-05", 1)
        for indicator_id, reasons in LEFT.items():
            of.tally.add(indicator_id, end.reason in reasons)
        is_adopted = end.reason in ("E11", "E12")
        of.tally.add("ADO-02", is_adopted)
        if is_adopted:
            stood = [day(row["DATE_PLACED"]) for row in decisions[child] if not row["DATE_PLACED_CEASED"]]
            record = adoptions[child][0] if adoptions[child] else None
            _adoption(of, care, end, max(stood, default=record and day(record["DATE_INT"])), record)


def _adoption(of, care, end, decided, record):
    matched = record and day(record["DATE_MATCH"])
    moved_in = min((one.start for one in care.episodes if one.place in ADOPTERS), default=None)
    entered = care.start if care.is_known else None
    of.tally.add("ADO-01", 1)
    of.tally.add("ADO-02a", end.reason == "E11")
    of.tally.add("ADO-02b", end.reason == "E12")
    steps = {
        "ADO-04": (entered, decided),
        "ADO-05": (decided, matched),
        "ADO-06": (matched, moved_in),
        "ADO-07": (entered, moved_in),
        "ADO-08": (moved_in, end.end),
        "ADO-09": (entered, end.end),
    }
    for indicator_id, (start, done) in steps.items():
        of.tally.add(indicator_id, (done - start).days if start and done else None)


def _reviews(of, here, born):
    held = defaultdict(set)
    for year in of.years:
        for row in of.rows("reviews", year):
            held[row["CHILD"]].add(day(row["REVIEW"]))
    for row in of.rows("reviews"):
        on = day(row["REVIEW"])
        if row["REVIEW_CODE"] != "PN0" and age_in_years(born[row["CHILD"]], on) >= 4:
            of.tally.add("CLA-16", row["REVIEW_CODE"] in {f"PN{number}" for number in range(1, 7)})
    for child, care in here.items():
        is_whole = care.is_known and care.start >= of.covered_from
        at = max(care.start, of.covered_from - timedelta(days=1))
        due = last_day_within(care.start, 20) if is_whole else add_months(at, 6)
        reviews = sorted(on for on in held[child] if at < on <= of.last)
        if not reviews and due >= of.last:
            continue
        is_good = True
        for number, on in enumerate(reviews):
            is_good = is_good and (on <= due or on < of.first)
            due = add_months(on, 3 if is_whole and number == 0 else 6)
        of.tally.add("CLA-15", is_good and of.last <= due)


def _outcomes(of, cares, born):
    answers = of.by_child("oc2")
    for child, periods in cares.items():
        year = [one for care in periods for one in care.episodes if not one.is_over or one.end >= of.first]
        is_whole = year and not any(
            one.is_short
            or (one.why == "S" and one.start > of.first)
            or (one.is_over and one.end < of.last and one.reason != "X1")
            for one in year
        )
        if is_whole:
            _answers(of.tally, answers[child][0] if answers[child] else None, born[child], of)


def _answers(tally, row, born, of):
    start, end = age_in_years(born, of.first) if born <= of.first else -1, age_in_years(born, of.last)

    def said(column):
        return None if row is None or row[column] == "" else row[column] == "1"

    for indicator_id, column in (
        ("HLT-03", "HEALTH_ASSESSMENT"),
        ("HLT-04", "TEETH_CHECK"),
        ("HLT-05", "IMMUNISATIONS"),
    ):
        tally.add(indicator_id, said(column))
    tally.add("HLT-09", said("SUBSTANCE_MISUSE"))
    if said("SUBSTANCE_MISUSE"):
        helped = said("INTERVENTION_RECEIVED") is True
        tally.add("HLT-10", helped)
        tally.add("HLT-11", said("INTERVENTION_OFFERED") is True and not helped)
    if end < 5 and said("HEALTH_CHECK") is not None:
        tally.add("HLT-06", said("HEALTH_CHECK"))
    if end >= 10:
        tally.add("OFF-01", None if row is None else said("CONVICTED") is True)
    if start >= 4 and end < 17:
        score = int(row["SDQ_SCORE"]) if row and row["SDQ_SCORE"] else None
        tally.add("HLT-08", None if row is None else score is not None)
        if score is not None:
            tally.add("HLT-07", score)
            tally.add("HLT-07a", score < 14)
            tally.add("HLT-07b", 14 <= score < 17)
            tally.add("HLT-07c", score >= 17)


def _leavers(of, born):
    fostered = defaultdict(list)
    for year in of.years:
        for row in of.rows("episodes", year):
            if row["REC"] not in ("", "X1") and row["PLACE"] in FOSTER:
                fostered[row["CHILD"]].append(day(row["DEC"]))
    for row in of.rows("oc3"):
        child, age = row["CHILD"], age_in_years(born[row["CHILD"]], of.last)
        if row["IN_TOUCH"] in ("DIED", "RHOM") or not 17 <= age <= 21:
            continue
        group, home = ("" if age >= 19 else "_17-18"), row["ACCOM"][0]
        of.tally.add("CL-02", row["IN_TOUCH"] == "YES")
        if home not in "GHR":
            of.tally.add(f"CL-04{group}", row["ACCOM"][1:] == "1")
        of.tally.add(f"CL-05{group}", row["ACTIV"] in ACTIVE)
        of.tally.add(f"CL-06{group}", row["ACTIV"] in INACTIVE)
        if age >= 19:
            of.tally.add("CL-01", 1)
            of.tally.add("CL-03", row["IN_TOUCH"] == "NO")
            of.tally.add("CL-07", row["ACTIV"] in ("F1", "P1"))
            of.tally.add("CL-07b", row["ACTIV"] in ("F4", "P4"))
        if age in (19, 20):
            eighteen = next(
                born[child] + timedelta(days=n)
                for n in range(6570, 6580)
                if age_in_years(born[child], born[child] + timedelta(days=n)) == 18
            )
            if eighteen in fostered[child]:
                of.tally.add("CL-08", home == "Z")
            elif eighteen < of.covered_from:
                of.tally.add("CL-08", None)


def _missing(of, cares):
    absent = defaultdict(set)
    for row in of.rows("missing"):
        start, end = day(row["MIS_START"]), day(row["MIS_END"])
        if start <= of.last and (end is None or end >= of.first):
            absent[row["CHILD"]].add(row["MISSING"])
            if row["MISSING"] == "M" and start >= of.first:
                of.tally.add("MIS-01", 1)
    for child, periods in cares.items():
        episodes = [one for care in periods for one in care.episodes]
        if any(not one.is_short and (not one.is_over or one.end >= of.first) for one in episodes):
            of.tally.add("MIS-02", "M" in absent[child])
            of.tally.add("MIS-03", "A" in absent[child])
