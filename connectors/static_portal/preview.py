"""A dataset's first rows as people read them: local times, numbers with their thousands apart."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from connectors.portal import Page
from connectors.static_portal.formats import number
from connectors.static_portal.words import Lang, portal_words
from schemas.contract import Field

_GROUPED = 10_000


def preview(page: Page, lang: Lang) -> list[list[str]]:
    """The cells of the page's first rows; a dash where a value is missing."""
    writer = _Writer(ZoneInfo(page.municipality.time_zone), lang)
    fields = {field.name: field for field in page.fields}
    columns = [fields.get(name) for name in page.first_rows.columns]
    return [
        [writer.cell(value, field) for value, field in zip(row, columns, strict=True)]
        for row in page.first_rows.iter_rows()
    ]


@dataclass(frozen=True, slots=True)
class _Writer:
    zone: ZoneInfo
    lang: Lang

    def cell(self, value: object, field: Field | None) -> str:
        match value:
            case None:
                return "\u2013"
            case bool():
                return portal_words().says(self.lang)["always" if value else "not_always"]
            case int() | float():
                return self._number(value, field)
            case dt.datetime():
                return f"{value.astimezone(self.zone):{self._days} %H:%M:%S}".removesuffix(":00")
            case dt.date():
                return f"{value:{self._days}}"
            case _:
                return str(value)

    @property
    def _days(self) -> str:
        return "%d.%m.%Y" if self.lang == "nb" else "%Y-%m-%d"

    def _number(self, value: float, field: Field | None) -> str:
        # years and numbers that name a thing have no unit and are left as they are
        if abs(value) >= _GROUPED and field is not None and field.unit:
            return number(value, self.lang)
        text = str(value).replace("-", "\u2212")
        return text.replace(".", ",") if self.lang == "nb" else text
