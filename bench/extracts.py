"""A made-up extract of referrals (`ssd_cin_episodes`) of any size, and the same with one row in a hundred changed."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

FEED = "ssd_cin_episodes"
COLUMNS = {
    "cine_referral_id": "text",
    "cine_person_id": "text",
    "cine_referral_date": "date",
    "cine_cin_primary_need_code": "text",
    "cine_referral_source_code": "text",
    "cine_referral_source_desc": "text",
    "cine_referral_outcome_json": "text",
    "cine_referral_nfa": "text",
    "cine_close_reason": "text",
    "cine_close_date": "date",
    "cine_referral_team": "text",
    "cine_referral_worker_id": "text",
}
SOURCES = {"1A": "Family member", "2A": "School", "3A": "GP", "5A": "Housing", "6": "Police", "8": "Anonymous"}
CHANGED_ONE_IN = 100
FIRST_DAY = date(2021, 4, 1)
DAYS = 1900


def write(path: Path, rows: int, *, is_second: bool = False) -> int:
    """Write the extract and return how many rows the second snapshot changes against the first.

    Both snapshots hold the same referrals; in the second, one in a hundred has another worker. Everything is made up.
    """
    chance = random.Random(rows)
    changed = 0
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(COLUMNS)
        for number in range(rows):
            row = _row(chance, number)
            if number % CHANGED_ONE_IN == 0:
                changed += 1
                row[-1] = "W9999" if is_second else row[-1]
            writer.writerow(row)
    return changed


def _row(chance: random.Random, number: int) -> list[str]:
    referred = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    closed = referred + timedelta(days=chance.randrange(1, 400))
    source = chance.choice(list(SOURCES))
    is_nfa = chance.random() < 0.1
    return [
        f"R{number:08}",
        f"{chance.randrange(10**8):08}",
        referred.isoformat(),
        f"N{chance.randrange(10)}",
        source,
        SOURCES[source],
        '{"OUTCOME_NFA": "%s"}' % ("Y" if is_nfa else "N"),
        "Y" if is_nfa else "N",
        f"RC{chance.randrange(1, 10)}",
        closed.isoformat(),
        f"T-DAT{chance.randrange(1, 5)}",
        f"W{chance.randrange(200):04}",
    ]
