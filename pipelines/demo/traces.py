"""Whether anybody of the demo can still be told from a table."""

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from pipelines.demo import alarms, bookings, cases, employees, letters, work_orders
from pipelines.demo.persons import Person

_NAMES = ("contact_name", "melder_navn")
_TELLING = (
    *_NAMES,
    "contact_email",
    "contact_phone",
    "customer_ssn",
    "melder_fnr",
    "melder_telefon",
    "adresse",
)


def planted_traces(municipality: str, dataset: str) -> frozenset[str]:
    """Everything by which the dataset's sources say who somebody is; nothing where they do not.

    A surname alone says it too: nobody but these persons has them.
    """
    shown = _SHOWN.get(dataset)
    rows = list(shown(municipality)) if shown else []
    found = {str(row[name]) for row in rows for name in _TELLING if row.get(name)}
    names = {str(row[name]) for row in rows for name in _NAMES if row.get(name)}
    return frozenset(found | {name.split()[-1] for name in names})


def rows_with_traces(rows: pl.DataFrame, traces: frozenset[str]) -> int:
    """How many rows hold one of the traces in any text column, whole or as a part."""
    texts = rows.select(pl.selectors.string())
    if not traces or not texts.width:
        return 0
    told = pl.all().str.contains_any(sorted(traces)).fill_null(value=False)
    return int(texts.select(pl.any_horizontal(told).sum()).item())


def _bookings(municipality: str) -> Iterator[Mapping[str, object]]:
    return (booking.record for booking in bookings.bookings(municipality, 2))


def _orders(municipality: str) -> Iterator[Mapping[str, object]]:
    return (order.row for wave in (1, 2) for order in work_orders.orders(municipality, wave))


def _employees(municipality: str) -> Iterator[Mapping[str, object]]:
    return _told(employee.person for employee in employees.employees(municipality))


def _parties(_: str) -> Iterator[Mapping[str, object]]:
    return _told(cases.parties())


def _recipients(_: str) -> Iterator[Mapping[str, object]]:
    return _told(letters.recipients())


def _residents(_: str) -> Iterator[Mapping[str, object]]:
    return _told(alarms.residents())


def _told(persons: Iterable[Person]) -> Iterator[Mapping[str, object]]:
    for person in persons:
        yield {
            "contact_name": person.name,
            "contact_email": person.email,
            "contact_phone": person.phone,
            "customer_ssn": person.national_id,
            "adresse": person.address,
        }


_SHOWN = {
    "facility_bookings": _bookings,
    "work_orders": _orders,
    "sickness_absence": _employees,
    "payroll": _employees,
    "case_metadata": _parties,
    "digital_post": _recipients,
    "welfare_alarms": _residents,
}
