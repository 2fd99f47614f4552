"""The figures of a children in need census from its own XML, child by child; `figures({2025: file, 2026: file}, 2026)`.

Earlier files are read for what the census of the year does not reach back to. Written from docs/returns.md.
"""

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

from .calendar import add_months, working_days
from .return_903 import Sum, Tally

NEED_BANDS = ((3, "a"), (6, "b"), (12, "c"), (24, "d"))


def day(element, tag) -> date | None:
    """The day that an element holds."""
    text = element.findtext(tag)
    return date.fromisoformat(text) if text else None


class Census:
    """The censuses of a year and those before it."""

    def __init__(self, files: dict[int, Path], year: int):
        self.year, self.first, self.last = year, date(year - 1, 4, 1), date(year, 3, 31)
        since = year
        while since - 1 in files:
            since -= 1
        self.covered_from = date(since - 1, 4, 1)
        self.tally = Tally()
        self.trees = {one: ElementTree.parse(files[one]) for one in sorted(files) if one <= year}

    def children(self, year=None):
        """(child, element) of one year's census."""
        for child in self.trees[year or self.year].iter("Child"):
            yield child.findtext("ChildIdentifiers/LAchildID"), child

    def until(self, on):
        """A day, None where it is after 31 March."""
        return on if on and on <= self.last else None


def figures(files: dict[int, Path], year: int) -> dict[str, Sum]:
    """Every figure of the census, without breakdowns; a rate as its count."""
    of = Census(files, year)
    known = _known(of)
    for child, element in of.children():
        needs = [need for need in element.findall("CINdetails") if day(need, "CINreferralDate") <= of.last]
        disabilities = {one.text for one in element.iter("Disability")} - {"NONE", None}
        repeats = []
        for need in needs:
            repeats += _referral(of, need, known[child])
            _need(of, need, bool(disabilities), known[child])
            _assessments(of, need, known[child])
            for plan in need.findall("ChildProtectionPlans"):
                _plan(of, plan, known[child])
        if repeats:
            of.tally.add("REF-03c", True if True in repeats else None if None in repeats else False)
    _enquiries(of, known)
    return of.tally.sums()


class Known:
    """What all censuses say of a child: days of referrals, assessments by referral, enquiries, reviews by plan."""

    def __init__(self):
        self.referrals, self.enquiries, self.transfers = set(), {}, set()
        self.assessments, self.reviews = defaultdict(dict), defaultdict(set)
        self.plans = set()


def _known(of) -> dict[str, Known]:
    found = defaultdict(Known)
    for year in of.trees:
        for child, element in of.children(year):
            one = found[child]
            for need in element.findall("CINdetails"):
                referred = day(need, "CINreferralDate")
                one.referrals.add(referred)
                for work in need.findall("Assessments"):
                    start = day(work, "AssessmentActualStartDate")
                    one.assessments[referred][start] = of.until(day(work, "AssessmentAuthorisationDate"))
                for number, enquiry in enumerate(need.findall("Section47")):
                    held = of.until(day(enquiry, "DateOfInitialCPC"))
                    flag = enquiry.findtext("ICPCnotRequired") in ("1", "true")
                    one.enquiries[referred, day(enquiry, "S47ActualStartDate"), number] = (held, flag)
                if year == of.year and day(need, "DateOfInitialCPC"):
                    one.transfers.add((referred, of.until(day(need, "DateOfInitialCPC"))))
                for plan in need.findall("ChildProtectionPlans"):
                    start = day(plan, "CPPstartDate")
                    one.reviews[start] |= {date.fromisoformat(e.text) for e in plan.iter("CPPreviewDate")}
                    if year == of.year:
                        one.plans.add(start)
    return found


def _is_repeat(of, on, earlier):
    """Whether a day follows an earlier one within 12 months; None where the time before is not covered."""
    if any(add_months(on, -12) <= one < on for one in earlier):
        return True
    return False if add_months(on, -12) >= of.covered_from else None


def _state(of, need):
    closed = of.until(day(need, "CINclosureDate"))
    reason = need.findtext("ReasonForClosure") if closed else None
    return closed, need.findtext("ReferralNFA") in ("1", "true"), reason in ("RC8", "RC9")


def _referral(of, need, known):
    on, source = day(need, "CINreferralDate"), need.findtext("ReferralSource")
    if on < of.first:
        return []
    _, is_nfa, is_not_in_need = _state(of, need)
    repeat = _is_repeat(of, on, known.referrals)
    of.tally.add("REF-01", 1)
    of.tally.add("REF-03", repeat)
    of.tally.add("REF-04", is_nfa)
    of.tally.add("REF-05", is_not_in_need)
    of.tally.add("REF-06p", source == "6")
    of.tally.add("REF-06s", source[0] == "2")
    of.tally.add("REF-06h", source[0] == "3")
    return [repeat]


def _need(of, need, is_disabled, known):
    referred = day(need, "CINreferralDate")
    closed, is_nfa, is_not_in_need = _state(of, need)
    if is_nfa or is_not_in_need:
        return
    if referred >= of.first:
        of.tally.add("CIN-03", 1)
    end = closed or of.last
    band = next((name for months, name in NEED_BANDS if end < add_months(referred, months)), "e")
    if closed is None:
        of.tally.add("CIN-01", 1)
        of.tally.add("CIN-11", is_disabled)
        if not any(known.assessments[referred].values()):
            of.tally.add("CIN-08", 1 if referred >= of.covered_from else None)
    elif closed >= of.first:
        of.tally.add("CIN-04", 1)
    if closed is None or closed >= of.first:
        of.tally.add("CIN-07", 1)
        for name in "abcde":
            of.tally.add(("CIN-05" if closed is None else "CIN-06") + name, band == name)


def _assessments(of, need, known):
    referred = day(need, "CINreferralDate")
    for work in need.findall("Assessments"):
        start = day(work, "AssessmentActualStartDate")
        done = of.until(day(work, "AssessmentAuthorisationDate"))
        if start > of.last or (done and done < of.first):
            continue
        by_referral, by_start = (working_days(clock, done or of.last) <= 45 for clock in (referred, start))
        is_later = any(one < start for one in known.assessments[referred])
        in_time = by_start if is_later else by_referral
        if not is_later and referred < of.covered_from and by_referral != by_start:
            in_time = None
        if done:
            of.tally.add("ASM-01", 1)
            of.tally.add("ASM-03", in_time)
            for _ in work.iter("AssessmentFactors"):
                of.tally.add("ASM-08", 1)
        else:
            of.tally.add("ASM-02", 1)
            of.tally.add("ASM-05", None if in_time is None else not in_time)


def _enquiries(of, known):
    for one in known.values():
        conferences = set()
        starts = {start for _, start, _ in one.enquiries}
        for (_, start, _), (held, is_unneeded) in one.enquiries.items():
            if start > of.last:
                continue
            if held and held >= of.first:
                conferences.add((start, held, False))
            if start < of.first:
                continue
            is_past = working_days(start, of.last) > 15
            of.tally.add("S47-01", 1)
            of.tally.add("S47-05", _is_repeat(of, start, starts))
            if is_past:
                of.tally.add("S47-03", held is not None)
                if not held and not is_unneeded:
                    of.tally.add("S47-10", 1)
            if held or is_unneeded:
                of.tally.add("S47-04", held is None)
        conferences |= {(on, held, True) for on, held in one.transfers if held and held >= of.first}
        for start, held, is_transfer in conferences:
            _conference(of, working_days(start, held), is_transfer, held in one.plans)


def _conference(of, days, is_transfer, is_plan):
    of.tally.add("S47-06", 1)
    of.tally.add("S47-07", days <= 15)
    of.tally.add("S47-09", is_plan)
    if not is_transfer:
        of.tally.add("S47-07x", days <= 15)
    band = "a" if days <= 10 else "b" if days <= 15 else "c" if days <= 20 else "d"
    of.tally.add(f"S47-08{band}", 1)


def _plan(of, plan, known):
    start, end = day(plan, "CPPstartDate"), of.until(day(plan, "CPPendDate"))
    if start > of.last:
        return
    if start >= of.first:
        of.tally.add("CP-03", 1)
        of.tally.add("CP-06", int(plan.findtext("NumberOfPreviousCPP")) > 0)
    if end and end >= of.first:
        of.tally.add("CP-05", 1)
        of.tally.add("CP-09", (end - start).days + 1 > 729)
        of.tally.add("CP-16", end <= add_months(start, 3))
    if end is None:
        is_long = (of.last - start).days + 1 > 729
        band = (
            "a" if of.last <= add_months(start, 3)
            else "b" if of.last <= add_months(start, 6)
            else "c" if of.last < add_months(start, 12)
            else "e" if is_long else "d"
        )  # fmt: skip
        of.tally.add("CP-01", 1)
        of.tally.add("CP-08", is_long)
        for name in "abcd":
            of.tally.add(f"CP-07{name}", band == name)
        if add_months(start, 3) <= of.last:
            of.tally.add("CP-10", _is_reviewed(of, start, known.reviews[start]))


def _is_reviewed(of, start, reviews):
    due = add_months(start, 3)
    if start < of.covered_from:
        due = max(due, add_months(of.covered_from - timedelta(days=1), 6))
    for on in sorted(on for on in reviews if start < on <= of.last):
        if on >= of.first and on > due:
            return False
        due = add_months(on, 6)
    return of.last <= due
