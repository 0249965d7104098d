"""Free spaces in Sandnes's car parks: the contract of Stavanger's, in another system's words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.demo.files import Drop, Line, arrival_file
from pipelines.demo.mishaps import Beat, Moment, Slot, Span, slots
from pipelines.demo.planted import Fault, Seed
from pipelines.demo.week import DAYS, LATE_DAY, dice, shown_twice

_HEADER = "P-anlegg;Tidspunkt;Ledig;Breddegrad;Lengdegrad;Kommentar"
_BELOW_ZERO = Span(1, DAYS[4], range(3, 4))
_UNKNOWN = Moment(2, DAYS[1], 51)
_SPLIT_COMMENT = Beat(0, at=77)
_REPEATED = Beat(3, at=20, every=36)
_NEXT_MORNING = Span(3, DAYS[5], range(20, 24))
_NEXT_WEEK = Span(2, DAYS[4], range(6))
_CROWDED = (*(Span(1, day, range(11, 15)) for day in DAYS[1:3]), Span(0, DAYS[2], range(12, 14)))
_SHOPPING_HOURS = range(9, 18)
_MINUTES = 10


@dataclass(frozen=True, slots=True)
class _CarPark:
    name: str
    spaces: int
    latitude: str
    longitude: str


_CAR_PARKS = (
    _CarPark("Bøkeskogen", 310, "58,850412", "5,736120"),
    _CarPark("Ålevågen", 120, "58,852907", "5,739544"),
    _CarPark("Rådhusplassen", 240, "58,849033", "5,733871"),
    _CarPark("Ullvarefabrikken", 85, "58,847716", "5,741208"),
)


def parking_drops() -> tuple[Drop, ...]:
    """Sandnes's files."""
    return (
        Drop(
            municipality="1108",
            dataset="parking_occupancy",
            lines=tuple(_lines()),
            header=_HEADER,
            encoding="cp1252",
        ),
    )


def _lines() -> Iterator[Line]:
    for day in (*DAYS, LATE_DAY):
        for slot in slots(day, _MINUTES, len(_CAR_PARKS)):
            yield from _counted(slot)


def _counted(slot: Slot) -> Iterator[Line]:
    car_park, day = _CAR_PARKS[slot.unit], slot.clock.date()
    fault, rule = _trouble(slot)
    arrives = LATE_DAY if slot in _NEXT_WEEK else day
    if slot in _NEXT_MORNING:
        arrives = DAYS[DAYS.index(day) + 1]
    seed = Seed(
        key=f"{car_park.name} {slot.instant.isoformat()}",
        day=day,
        arrives=arrives,
        fault=fault,
        rule=rule,
        twice=shown_twice(slot.clock),
    )
    line = Line(arrival_file("parkering", arrives, "csv"), _text(car_park, slot), seed)
    yield line
    if slot in _REPEATED:
        yield replace(line, seed=replace(seed, change="duplicate"))


def _trouble(slot: Slot) -> tuple[Fault, str]:
    if slot in _BELOW_ZERO:
        return "broken", "free_spaces:range"
    if slot in _UNKNOWN:
        return "broken", "free_spaces:type"
    if slot in _SPLIT_COMMENT:
        return "broken", "row:excess_cells"
    return "", ""


def _text(car_park: _CarPark, slot: Slot) -> str:
    comment = "Løvsuging; ring vakten" if slot in _SPLIT_COMMENT else ""
    cells = (
        car_park.name,
        f"{slot.clock:%Y-%m-%d %H:%M}",
        _free(car_park, slot),
        car_park.latitude,
        car_park.longitude,
        comment,
    )
    return ";".join(cells)


def _free(car_park: _CarPark, slot: Slot) -> str:
    if slot in _BELOW_ZERO:
        return "-3"
    if slot in _UNKNOWN:
        return "ukjent"
    if any(slot in span for span in _CROWDED):
        return "FULLT"
    chance = dice(f"{car_park.name}/{slot.instant:%Y%m%d%H%M}")
    share = 0.35 if slot.clock.hour in _SHOPPING_HOURS else 0.85
    return str(int(car_park.spaces * share * chance.uniform(0.9, 1.1)))
