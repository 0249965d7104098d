"""Whole registers as files: an extract says when it was drawn, and what is gone is absent."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.demo.files import Drop, Line
from pipelines.demo.planted import Fault, Seed
from pipelines.demo.week import DAYS, LATE_DAY, dice

_DRAWN = (DAYS[0], LATE_DAY)
_CHARGING = "Uttrekksdato;Stasjonsnr;Navn;Eier;Ladepunkter;Effekt kW;Breddegrad;Lengdegrad"
_ROUTES = "Uttrekksdato;Rute;Skole;Punkt;Meter fra start;Breddegrad;Lengdegrad"
_AREAS = (
    ("Sentrum", 58.9700, 5.7331),
    ("Hillevåg", 58.9480, 5.7370),
    ("Madla", 58.9530, 5.6640),
    ("Hinna", 58.9180, 5.7310),
    ("Forus", 58.8900, 5.7250),
    ("Tasta", 58.9890, 5.7050),
    ("Storhaug", 58.9690, 5.7600),
)
_STATIONS, _SCHOOLS = 35, ("Bærland skule", "Gjesdal ungdomsskule", "Solås skule")
_CLOSED_STATION, _NEW_STATION, _FORGOTTEN, _MISCOUNTED, _TWICE = 6, 34, 20, 21, 30
_IN_WATTS, _NO_NAME = 11, 12
_POINTS = 9
_CLOSED_ROUTE, _NEW_ROUTE = 4, 5
_IN_BERGEN, _IN_MILLIMETRES, _NO_DAY = (1, 3), (2, 5), (3, 8)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A row of an extract: its key, what it says after the day, and what is wrong with it."""

    key: str
    cells: tuple[str, ...]
    fault: Fault = ""
    rule: str = ""

    def line(self, folder: str, day: dt.date) -> Line:
        seed = Seed(f"{day} {self.key}", day, day, self.fault, self.rule)
        shown = f"{day:%d.%m.}20266" if self.rule == "read_on:type" else f"{day:%d.%m.%Y}"
        return Line(f"{folder}/{day}.csv", ";".join((shown, *self.cells)), seed)


def extract_drops() -> tuple[Drop, ...]:
    """Stavanger's charging stations and Gjesdal's routes to school, drawn with a week between."""
    stations, routes = tuple(_station_lines()), tuple(_route_lines())
    return (
        Drop("1103", "charging_stations", stations, _CHARGING, encoding="cp1252"),
        Drop("1122", "school_routes", routes, _ROUTES),
    )


def _station_lines() -> Iterator[Line]:
    for day in _DRAWN:
        for number in range(_STATIONS):
            line = _station(number, day).line("ladestasjoner", day)
            if number not in _absent(day):
                yield line
            if number == _TWICE:
                yield replace(line, seed=replace(line.seed, change="duplicate"))
    for number in (_FORGOTTEN, _MISCOUNTED):
        line = _station(number, LATE_DAY).line("ladestasjoner", DAYS[0])
        seed = replace(line.seed, arrives=LATE_DAY)
        seed = replace(seed, change="update") if number == _MISCOUNTED else seed
        yield Line(f"ladestasjoner/{DAYS[0]}_rettet.csv", line.text, seed)


def _absent(day: dt.date) -> tuple[int, ...]:
    return (_NEW_STATION, _FORGOTTEN) if day == DAYS[0] else (_CLOSED_STATION,)


def _station(number: int, day: dt.date) -> _Drawn:
    area, north, east = _AREAS[number % len(_AREAS)]
    chance = dice(f"station/{number}")
    points, power = chance.choice((2, 4, 6, 8)), chance.choice((11, 22, 50, 150, 300))
    first = day == DAYS[0]
    cells = (
        f"L{1100 + number}",
        "" if first and number == _NO_NAME else f"{area} {1 + number // len(_AREAS)}",
        "Lading AS",
        str(points + 10 if first and number == _MISCOUNTED else points),
        str(power * 1_000 if first and number == _IN_WATTS else power),
        _degrees(north + chance.uniform(-0.004, 0.004)),
        _degrees(east + chance.uniform(-0.004, 0.004)),
    )
    fault, rule = _STATION_TROUBLE.get(number, ("", "")) if first else ("", "")
    return _Drawn(cells[0], cells, fault, rule)


def _route_lines() -> Iterator[Line]:
    for day in _DRAWN:
        gone = _NEW_ROUTE if day == DAYS[0] else _CLOSED_ROUTE
        for route in range(_NEW_ROUTE + 1):
            for point in range(_POINTS):
                if route != gone:
                    yield _point(route, point, day).line("skoleveier", day)


def _point(route: int, point: int, day: dt.date) -> _Drawn:
    place = (route, point) if day == DAYS[0] else ()
    north = 58.7650 + 0.004 * route + 0.0012 * point
    east = 5.8500 - 0.005 * route + 0.0009 * point
    metres = 145 * point
    cells = (
        f"R{route + 1}",
        _SCHOOLS[route % len(_SCHOOLS)],
        str(point + 1),
        str(metres * 1_000 if place == _IN_MILLIMETRES else metres),
        _degrees(60.3913 if place == _IN_BERGEN else north),
        _degrees(5.3221 if place == _IN_BERGEN else east),
    )
    fault, rule = _ROUTE_TROUBLE.get(place, ("", ""))
    return _Drawn(f"{cells[0]} {point}", cells, fault, rule)


def _degrees(number: float) -> str:
    return f"{number:.6f}".replace(".", ",")


_OUTSIDE = "the place lies in Rogaland"
_STATION_TROUBLE: dict[int, tuple[Fault, str]] = {
    _IN_WATTS: ("unit_mistake", "power_kw:range"),
    _NO_NAME: ("missing", "station_name:required"),
}
_ROUTE_TROUBLE: dict[tuple[int, ...], tuple[Fault, str]] = {
    _IN_BERGEN: ("contradiction", _OUTSIDE),
    _IN_MILLIMETRES: ("unit_mistake", "distance_from_start_m:range"),
    _NO_DAY: ("broken", "read_on:type"),
}
