"""Pages as HTML in one language: everything that comes from outside is escaped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2

from connectors.portal import UNRELEASED
from connectors.static_portal import formats
from connectors.static_portal.words import Lang, in_language, other, portal_words
from schemas.contract import Field
from schemas.model import Bilingual
from schemas.stages import FormatWord

LABELS: Mapping[FormatWord, str] = {
    "csv": "CSV",
    "xlsx": "Excel",
    "json": "JSON",
    "geojson": "GeoJSON",
    "parquet": "Parquet",
    "geoparquet": "GeoParquet",
}
_TEMPLATES = Path(__file__).with_name("templates")
_FILES: dict[Lang, str] = {"nb": "index.html", "en": "index.en.html"}
_FEEDS: dict[Lang, str] = {"nb": "changes.atom", "en": "changes.en.atom"}


def file_of(lang: Lang) -> str:
    """The name of a page's file in that language."""
    return _FILES[lang]


def feed_of(lang: Lang) -> str:
    """The name of a feed's file in that language."""
    return _FEEDS[lang]


def render(template: str, lang: Lang, context: Mapping[str, object]) -> bytes:
    """The template filled in, as UTF-8; `context` holds at least the way to the portal's root."""
    shared: dict[str, object] = {
        "lang": lang,
        "foreign": other(lang),
        "here": file_of(lang),
        "feed": feed_of(lang),
        "twin": file_of(other(lang)),
        "t": portal_words().says(lang),
    }
    filled = environment(lang, _TEMPLATES).get_template(template)
    return filled.render(shared | dict(context)).encode()


@dataclass(frozen=True, slots=True)
class _Tongue:
    """How values are written in one language."""

    lang: Lang

    def tongue(self, text: Bilingual) -> str:
        return in_language(text, self.lang)

    def other_tongue(self, text: Bilingual) -> str:
        return in_language(text, other(self.lang))

    def number(self, value: float) -> str:
        return formats.number(value, self.lang)

    def size(self, count: int) -> str:
        return formats.size(count, self.lang)

    def span(self, value: dt.timedelta) -> str:
        return formats.span(value, self.lang)

    def day(self, date: dt.date) -> str:
        return formats.day(date, self.lang)

    def days(self, dates: Sequence[str]) -> str:
        found = formats.days([dt.date.fromisoformat(date) for date in dates], self.lang)
        return ", ".join(found)

    def moment(self, at: dt.datetime, zone: str) -> str:
        return formats.moment(at.astimezone(ZoneInfo(zone)), self.lang)

    def theme(self, code: str) -> str:
        return portal_words().theme(code, self.lang)

    def frequency(self, code: str) -> str:
        return portal_words().frequency(code, self.lang)

    def unit(self, code: str | None) -> str:
        if code and code.startswith("{"):
            return f"{self._says['see']} {code.strip('{}')}"
        return portal_words().unit(code)

    def bounds(self, field: Field) -> str:
        return "; ".join(
            part
            for low, high, unit in (
                (field.minimum, field.maximum, ""),
                (field.min_length, field.max_length, f" {self._says['characters']}"),
            )
            if (part := self._between(low, high, unit))
        )

    def rule(self, name: str) -> str:
        if name == UNRELEASED:
            return self._says["unreleased"]
        subject, _, broken = name.rpartition(":")
        told = self._says.get(f"rule_{broken}", broken)
        return f"{subject}: {told}" if subject not in ("", "row") else told

    def _between(self, low: float | None, high: float | None, unit: str) -> str:
        if low is not None and high is not None:
            return f"{self.number(low)}\u00a0\u2013\u00a0{self.number(high)}{unit}"
        if low is not None:
            return f"{self._says['at_least']} {self.number(low)}{unit}"
        return "" if high is None else f"{self._says['at_most']} {self.number(high)}{unit}"

    @property
    def _says(self) -> Mapping[str, str]:
        return portal_words().says(self.lang)


_FILTERS = (
    "tongue",
    "other_tongue",
    "number",
    "size",
    "span",
    "day",
    "days",
    "moment",
    "theme",
    "frequency",
    "unit",
    "bounds",
    "rule",
)


@cache
def environment(lang: Lang, folder: Path) -> jinja2.Environment:
    """The templates in that folder, with filters that write values in that language."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    tongue = _Tongue(lang)
    made.filters.update({name: getattr(tongue, name) for name in _FILTERS})
    return made
