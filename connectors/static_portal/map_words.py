"""What is said of a map: its caption, its summary, the names of its marks and the same as rows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from connectors.portal import Mark, Places
from connectors.static_portal.formats import number
from connectors.static_portal.map import Map
from connectors.static_portal.words import Lang, in_language, portal_words

_MOST_ROWS = 150
_MOST_VALUES = 25
_LONGEST = 34
_EQUATOR = 156_543.0
_CLOSEST = 17


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place as a row of the table beneath the map."""

    name: str
    value: str
    north: str
    east: str
    link: str


@dataclass(frozen=True, slots=True)
class MapWords:
    """A map in words: its marks' titles, labels and rows; no rows where they are too many."""

    caption: str
    summary: str
    value: str
    titles: Mapping[Mark, str]
    labels: Mapping[Mark, str]
    rows: tuple[PlaceRow, ...]


def map_words(places: Places, lang: Lang) -> MapWords:
    """All that is said of the places in one language."""
    says = portal_words().says(lang)
    apart = places.total == len(places.marks)
    known = places.field if any(mark.value is not None for mark in places.marks) else None
    value = in_language(known.description, lang).rstrip(".") if known else ""
    names = {mark.name for mark in places.marks if mark.name}
    valued = bool(value) and len(names) == len(places.marks) <= _MOST_VALUES
    return MapWords(
        caption=_caption(places, says, value if valued else "", lang),
        summary=_summary(places, says, lang),
        value=value,
        titles={mark: _title(mark, places, lang) for mark in places.marks},
        labels=_labels(places, lang, valued=valued) if apart else {},
        rows=_rows(places, lang) if apart and places.total <= _MOST_ROWS else (),
    )


def open_map(drawn: Map) -> str:
    """The address of a map of the world's roads with the same middle, as near as ours."""
    longitude, latitude = drawn.middle
    finest = _EQUATOR * math.cos(math.radians(latitude)) / drawn.metres
    zoom = max(1, min(_CLOSEST, math.floor(math.log2(finest))))
    return f"https://www.openstreetmap.org/#map={zoom}/{latitude:.4f}/{longitude:.4f}"


def _caption(places: Places, says: Mapping[str, str], value: str, lang: Lang) -> str:
    told = [f"{number(places.total, lang)} {_counted(places.total, says)}. {says['north_is_up']}"]
    if places.total > len(places.marks):
        most = max(mark.count for mark in places.marks)
        told.append(says["larger_is_more"].format(most=number(most, lang)))
    if value:
        told.append(f"{says['number_at_place']}: {value}.")
    return " ".join(told)


def _summary(places: Places, says: Mapping[str, str], lang: Lang) -> str:
    ends = [
        f"{number(round(least, 3), lang)}\u2013{number(round(most, 3), lang)}° {side}"
        for least, most, side in (
            (*_ends([mark.latitude for mark in places.marks]), "N"),
            (*_ends([mark.longitude for mark in places.marks]), "Ø" if lang == "nb" else "E"),
        )
    ]
    return f"{number(places.total, lang)} {_counted(places.total, says)}: {', '.join(ends)}"


def _ends(values: list[float]) -> tuple[float, float]:
    return min(values), max(values)


def _counted(count: int, says: Mapping[str, str]) -> str:
    return says["places_one"] if count == 1 else says["places_many"]


def _title(mark: Mark, places: Places, lang: Lang) -> str:
    if mark.count > 1:
        return f"{number(mark.count, lang)} {portal_words().says(lang)['places_many']}"
    value = _value(mark, places, lang)
    return f"{mark.name}: {value}" if mark.name and value else mark.name or value


def _labels(places: Places, lang: Lang, *, valued: bool) -> dict[Mark, str]:
    found = {}
    for mark in places.marks:
        name = mark.name if len(mark.name) <= _LONGEST else f"{mark.name[: _LONGEST - 1]}…"
        found[mark] = f"{name} {_value(mark, places, lang) if valued else ''}".strip()
    return found


def _value(mark: Mark, places: Places, lang: Lang) -> str:
    if mark.value is None or places.field is None:
        return ""
    code = places.field.unit
    unit = "" if code and code.startswith("{") else portal_words().unit(code)
    return f"{number(mark.value, lang)}\u00a0{unit}".strip()


def _rows(places: Places, lang: Lang) -> tuple[PlaceRow, ...]:
    return tuple(
        PlaceRow(
            name=mark.name or "\u2013",
            value=_value(mark, places, lang),
            north=_degrees(mark.latitude, lang),
            east=_degrees(mark.longitude, lang),
            link=f"https://www.openstreetmap.org/?mlat={mark.latitude:.5f}&mlon={mark.longitude:.5f}",
        )
        for mark in places.marks
    )


def _degrees(value: float, lang: Lang) -> str:
    return f"{value:.5f}".replace(".", "," if lang == "nb" else ".")
