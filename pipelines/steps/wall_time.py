"""From wall time to UTC: hours that occur twice and hours that never were."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import polars as pl

_SECOND = "_second"
_WALL = "_wall"
_BETWEEN_CHANGES = dt.timedelta(days=20)


def never_was(wall: pl.Series, zone: str) -> pl.Series:
    """Whether each wall time falls into the hour that the clock skips; true for null."""
    return wall.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").is_null()


def local_days(instants: pl.Series, zone: str) -> pl.Series:
    """The local day of each instant in UTC."""
    first, last = instants.min(), instants.max()
    if isinstance(first, dt.datetime) and isinstance(last, dt.datetime):
        offsets = {at.astimezone(ZoneInfo(zone)).utcoffset() for at in (first, last)}
        if len(offsets) == 1 and last - first < _BETWEEN_CHANGES:
            return (instants + offsets.pop()).dt.date()
    return instants.dt.convert_time_zone(zone).dt.date()


@dataclass(slots=True)
class WallClock:
    """Resolves one file's wall times, chunk by chunk in the order of the file.

    Where readings are an hour or more apart, a time that stands twice in a row is its second pass.
    """

    zone: str
    fold: str
    series: tuple[str, ...]
    is_hourly: bool = False
    _last: pl.DataFrame | None = field(default=None)

    def instants(self, wall: pl.Series, rows: pl.DataFrame) -> pl.Series:
        """The instants of naive wall times, null where an hour never was or stays ambiguous.

        `rows` holds the columns that tell one series of readings from another; with the fold rule
        order_in_file the second pass of a series through an hour is the later one.
        """
        plain = wall.dt.replace_time_zone(self.zone, ambiguous="null", non_existent="null")
        if plain.null_count() == wall.null_count() or self.fold == "reject":
            return plain.dt.convert_time_zone("UTC")
        chosen = wall.dt.replace_time_zone(
            self.zone, ambiguous=self._choices(wall, plain, rows), non_existent="null"
        )
        return chosen.dt.convert_time_zone("UTC")

    def _choices(self, wall: pl.Series, plain: pl.Series, rows: pl.DataFrame) -> pl.Series:
        if self.fold in ("earlier", "later"):
            word = "earliest" if self.fold == "earlier" else "latest"
            return pl.Series([word]).new_from_index(0, len(wall))
        twice = wall.is_not_null() & plain.is_null()
        second = self._second_pass(wall.filter(twice), rows.filter(twice))
        ambiguous = twice.to_frame("twice").with_row_index("at").filter("twice")
        later = ambiguous.with_columns(second.alias(_SECOND)).filter(_SECOND)["at"]
        words = pl.Series(["earliest"]).new_from_index(0, len(wall))
        return words.scatter(later, "latest") if len(later) else words

    def _second_pass(self, wall: pl.Series, rows: pl.DataFrame) -> pl.Series:
        series = rows.select(self.series).get_columns()
        current = pl.DataFrame([*series, wall.alias(_WALL)]).with_columns(pl.lit(0).alias(_SECOND))
        before = current.clear() if self._last is None else self._last
        both = pl.concat([before, current])
        day = pl.col(_WALL).dt.date()
        over = [*self.series, day] if self.series else [day]
        step = pl.col(_WALL).diff()
        back = step <= pl.duration() if self.is_hourly else step < pl.duration()
        passed = (
            (back.fill_null(value=False) | (pl.col(_SECOND) > 0))
            .cum_max()
            .over(over)
            .cast(pl.Int32)
        )
        resolved = both.with_columns(passed.alias(_SECOND))
        self._last = _newest(resolved, self.series)
        return resolved[_SECOND].tail(current.height).cast(pl.Boolean)


def _newest(rows: pl.DataFrame, series: tuple[str, ...]) -> pl.DataFrame:
    return rows.group_by(series, maintain_order=True).last() if series else rows.tail(1)
