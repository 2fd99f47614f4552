"""Codes that a record of its day can have: the returns' lists change over the years (`valid` in ingest/feeds/ssd_*)."""

from __future__ import annotations

from datetime import date

SUPPORTED_SINCE = date(2023, 10, 28).toordinal()
"""K3 stands for supported accommodation from then on, P2 and H5 before."""

RETURN_2019 = date(2018, 4, 1).toordinal()
"""First day of the return that tells apart whether guardians are kin."""

BEFORE_2019 = {"E45": "E43", "E46": "E43", "E47": "E44", "E48": "E44"}
"""Special guardianship: to former foster carers, to others."""

CENSUS_2023 = date(2022, 4, 1).toordinal()
"""First day of the CIN census that has RC9 (closed, to early help) and 5D (early help)."""


def placement_type(kind: str, start: int, end: int) -> str:
    """Return the type under which a placement of these days stands."""
    if kind in ("P2", "H5") and start >= SUPPORTED_SINCE:
        return "K3"
    return "H5" if kind == "K3" and end < SUPPORTED_SINCE else kind


def end_of_care(reason: str, day: int) -> str:
    """Return the reason under which care ended on a day."""
    return BEFORE_2019.get(reason, reason) if day < RETURN_2019 else reason


def closure(reason: str, day: int) -> str:
    """Return the closure reason of a day: before RC9 there was RC8 alone."""
    return "RC8" if reason == "RC9" and day < CENSUS_2023 else reason


def referral_source(code: str, day: int) -> str:
    """Return the source of a day's referral: before 5D early help was one of the other internal services."""
    return "5B" if code == "5D" and day < CENSUS_2023 else code
