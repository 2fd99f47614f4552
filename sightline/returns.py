"""The figures of a council's statutory returns, from the returns themselves, beside what was published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import psycopg
from psycopg.rows import class_row

RETURNS = {"903": "SSDA903, children looked after", "cin": "Children in need census"}
_LATEST = "select max(collection_year) from marts.fct_return_figure where return = any(%s)"
_FIGURES = """
    select
        figure.return as return_, figure.collection_year, figure.indicator_id, catalogue.title,
        catalogue.unit, catalogue.decimals,
        figure.numerator, figure.denominator, figure.value, figure.unjudged, figure.status,
        figure.published_on, figure.published_value, figure.published_status, figure.england_on, figure.england_value
    from marts.fct_return_figure as figure
    inner join marts.dim_indicator as catalogue using (indicator_id)
    where figure.council = %s and figure.collection_year = %s and figure.breakdown = 'all'
    order by figure.return, catalogue.page, figure.indicator_id
"""


@dataclass(frozen=True)
class Figure:
    """One figure of a return: values in the indicator's unit, not rounded; None where there is none."""

    return_: str
    collection_year: int
    indicator_id: str
    title: str
    unit: str
    decimals: int
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    unjudged: int
    status: str
    published_on: date | None
    published_value: Decimal | None
    published_status: str | None
    england_on: date | None
    england_value: Decimal | None

    def as_json(self) -> dict:
        """Return the figure as JSON-ready values; `return` is the return."""
        plain = {name.rstrip("_"): value for name, value in self.__dict__.items()}
        return {name: _json(value) for name, value in plain.items()}


def _json(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def latest_year(connection: psycopg.Connection, kinds: list[str] | None = None) -> int:
    """Return the last collection year of which a return (of some `kinds`: 903, cin) has been delivered and built.

    Raises:
        ValueError: there is none.
    """
    found = connection.execute(_LATEST, (kinds or list(RETURNS),)).fetchone()[0]
    if found is None:
        raise ValueError("no statutory return has been loaded and built; first: sightline ingest, sightline build")
    return found


def figures(connection: psycopg.Connection, council: str, year: int) -> list[Figure]:
    """Return every figure of the council's returns of a collection year (to 31 March of `year`).

    Raises:
        ValueError: no return of that year has been loaded and built.
    """
    with connection.cursor(row_factory=class_row(Figure)) as cursor:
        found = cursor.execute(_FIGURES, (council, year)).fetchall()
    if not found:
        raise ValueError(f"no statutory return of {council} for the year to 31 March {year} has been loaded and built")
    return found
