"""The tables of the dataset that describe it or hold a few answers: cohort, families, calendar, identifiers."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta
from random import Random

from synthetic.known import Known
from synthetic.practice import read_columns
from synthetic.world import COLUMNS, World

VERSION = "1.4.5"
DAYS_OF_CALENDAR = 366
OPTIONS = ("P1", "P2", "P3", "P4")
IDENTIFIERS = ("Case Number", "YOT Number", "Home Office Registration", "Court Case Number")
ACTIVITY = {
    "contact": ("ssd_contacts", "cont_person_id", "cont_contact_date"),
    "referral": ("ssd_cin_episodes", "cine_person_id", "cine_referral_date"),
    "care": ("ssd_cla_episodes", "clae_person_id", "clae_cla_episode_start_date"),
    "leaver": ("ssd_care_leavers", "clea_person_id", "clea_care_leaver_latest_contact"),
    "involvement": ("ssd_involvements", "invo_person_id", "invo_involvement_start_date"),
}


def write_support_standard(world: World, known: Known) -> None:
    """Fill the tables; each kind of record has a stream of chance of its own."""
    _cohort(world, known)
    _calendar(world)
    _families(world, known)
    _care(world, known, world.rng(34, 1))
    _identifiers(world, known, world.rng(34, 2))
    _voices(world, known, world.rng(34, 3))
    _restricted(world, known, world.rng(34, 4))
    world.tables["ssd_version_log"].append(
        (VERSION, world.on(world.first), "Made-up release", "Y", world.on(world.first), "nobody", "")
    )


def _cohort(world: World, known: Known) -> None:
    """Who is in the extracts, and by which records."""
    seen: dict[str, dict[str, list[str]]] = {kind: defaultdict(list) for kind in ACTIVITY}
    for kind, (feed, *names) in ACTIVITY.items():
        for person, day in read_columns(world.tables, COLUMNS, feed, *names):
            seen[kind][person].append(day)
    for number, person in enumerate(known.born, 1):
        days = sorted(day for kind in seen.values() for day in kind.get(person, ()) if day)
        has = ["Y" if person in seen[kind] else "N" for kind in ("contact", "referral", "care", "leaver")]
        world.tables["ssd_cohort"].append((
            person, f"LEG{number:07d}", *has, has[3], "Y" if known.has_send[person] else "N",
            "Y" if person in seen["involvement"] else "N", *(days[:1] or [""]), *(days[-1:] or [""]),
        ))  # fmt: skip


def _calendar(world: World) -> None:
    for day in range(world.as_at - DAYS_OF_CALENDAR + 1, world.as_at + 1):
        world.tables["ssd_dim_date"].append(_calendar_day(date.fromordinal(day)))


def _calendar_day(day: date) -> tuple:
    """One day with its month, quarter, year and financial year (from April)."""
    year, week, weekday = day.isocalendar()
    fiscal = day.year if day.month >= 4 else day.year - 1
    fiscal_quarter = (day.month - 4) % 12 // 3 + 1
    return (
        int(day.strftime("%Y%m%d")), day, day.year, (day.month - 1) // 3 + 1, day.month, day.day, year, week, weekday,
        "Y" if weekday > 5 else "N", day.replace(day=1), _month_end(day.year, day.month),
        *_quarter(day.year, (day.month - 1) // 3), date(day.year, 1, 1), date(day.year, 12, 31), fiscal,
        f"{fiscal}-{(fiscal + 1) % 100:02d}", date(fiscal, 4, 1), date(fiscal + 1, 3, 31), fiscal_quarter,
        *_quarter(day.year, (day.month - 1) // 3),
    )  # fmt: skip


def _quarter(year: int, number: int) -> tuple[date, date]:
    return date(year, number * 3 + 1, 1), _month_end(year, number * 3 + 3)


def _month_end(year: int, month: int) -> date:
    return date(year, month, 1) + timedelta(days=monthrange(year, month)[1] - 1)


def _families(world: World, known: Known) -> None:
    for person in known.born:
        world.tables["ssd_family"].append((world.next_id("FAMI"), f"FAM{world.families[person]:06d}", person))


def _care(world: World, known: Known, rng: Random) -> None:
    """Permanence before this period of care, forms of care plans, entries of costs."""
    for care in known.care:
        if rng.random() < 0.08:
            day = date.fromordinal(max(known.born[care.person], care.start - rng.randint(300, 2500)))
            world.tables["ssd_cla_previous_permanence"].append((
                world.next_id("PPE"), care.person, rng.choice(OPTIONS), "A made-up authority",
                f"zz/{day.month:02d}/{day.year}" if rng.random() < 0.3 else day.strftime("%d/%m/%Y"),
            ))  # fmt: skip
        if care.start >= world.detail_from:
            form, answered = world.next_id("FORM"), world.on(min(care.last(world), care.start + rng.randint(5, 30)))
            for answer in ("CPFUP1", "CPFUP2"):
                world.tables["ssd_pre_cla_care_plan"].append((form, care.person, answer, "Invented answer", answered))
    for (placement,) in read_columns(world.tables, COLUMNS, "ssd_cla_placement", "clap_cla_placement_id"):
        world.tables["ssd_s251_finance"].append((world.next_id("S251"), placement, "", "", "", ""))


def _identifiers(world: World, known: Known, rng: Random) -> None:
    for person in known.born:
        if rng.random() < 0.06:
            world.tables["ssd_linked_identifiers"].append((
                world.next_id("LNK"), person, rng.choice(IDENTIFIERS), f"ZZ{rng.randint(0, 999999):06d}",
                world.on(known.first_case.get(person)), "",
            ))  # fmt: skip


def _voices(world: World, known: Known, rng: Random) -> None:
    """What children of five and over on a plan answered."""
    for plan in known.plans:
        if known.age(plan.person, plan.last(world)) >= 5 and rng.random() < 0.3:
            answers = ("Y" if rng.random() < share else "N" for share in (0.8, 0.6, 0.55, 0.7, 0.65))
            world.tables["ssd_voice_of_child"].append((world.next_id("VOC"), plan.person, *answers))


def _restricted(world: World, known: Known, rng: Random) -> None:
    """Records that few may see: one child in five hundred, and the first child whatever their number."""
    for number, person in enumerate(known.born):
        if rng.random() < 0.002 or number == 0:
            start = world.as_at - rng.randint(30, 700)
            end = world.on(start + 90) if rng.random() < 0.3 else ""
            world.tables["restricted_record"].append((person, world.on(start), end, "", "Invented reason"))
