"""From chunks of source columns to valid rows and rejected ones; a row fault is data."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from pipelines.steps.conversion import Conversion, within_calendar
from pipelines.steps.rules import row_rules, sure_rules
from pipelines.steps.site import Site
from pipelines.steps.wall_time import WallClock, local_days, never_was
from schemas.catalog import bound_profile, bound_source
from schemas.contract import Contract
from schemas.source import Profile
from schemas.stages import BATCH, BROKEN, DAY, DELETED, EXCESS, RULES, Rejected, Valid

_HOUR = dt.timedelta(hours=1)
_ROW_FLAGS = {EXCESS: "row:excess_cells", BROKEN: "row:broken"}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a site's source becomes its contract's fields: the same for every batch."""

    contract: Contract
    profile: Profile
    zone: str
    conversions: tuple[Conversion, ...]
    rules: Mapping[str, pl.Expr]
    sure: Mapping[str, pl.Expr]

    @classmethod
    def of(cls, site: Site) -> "Plan":
        """The site's plan; the rules of a contract were judged when it was read."""
        profile = bound_profile(site.contract, site.binding)
        return cls(
            contract=site.contract,
            profile=profile,
            zone=site.municipality.time_zone,
            conversions=tuple(
                Conversion(field, bound_source(field, site.binding), profile)
                for field in site.contract.fields
            ),
            rules=row_rules(site.contract),
            sure=sure_rules(site.contract),
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """The source columns that the plan reads, each once."""
        return tuple(dict.fromkeys(name for c in self.conversions for name in c.source.columns))

    @property
    def numbers(self) -> frozenset[str]:
        """The source columns that only numbers are made of."""
        others = {n for c in self.conversions if not c.is_number() for n in c.source.columns}
        return frozenset(self.columns) - others


@dataclass(slots=True)
class Validator:
    """Validates one batch, chunk by chunk in the order of its rows."""

    plan: Plan
    batch: str
    _clocks: dict[str, WallClock] = field(default_factory=dict)

    def validate(self, chunk: pl.DataFrame) -> tuple[Valid, Rejected]:
        """The chunk's valid rows and its rejected ones; together they are the chunk."""
        values, faults = self._convert(chunk)
        broken = _broken(chunk, [*faults, *self._breaches(values)])
        bad = broken.select(pl.any_horizontal(pl.all())).to_series()
        kept, deleted = _parted(values, bad, _gone(chunk), self.plan.contract.key)
        return Valid(self._dated(kept), deleted), self._rejected(chunk, broken, bad)

    def _convert(self, chunk: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.Series]]:
        values = _values(self.plan.conversions, chunk)
        faults: list[pl.Series] = []
        for conversion in self.plan.conversions:
            read = values[conversion.field.name]
            if read.dtype.is_temporal():
                read = within_calendar(read)
                values = values.with_columns(self._resolved(conversion, read, chunk))
            faults.extend(_absences(conversion, read, values[read.name], chunk))
        return values, faults

    def _resolved(self, conversion: Conversion, read: pl.Series, chunk: pl.DataFrame) -> pl.Series:
        return self._clock(conversion).instants(read, chunk) if _is_wall(read.dtype) else read

    def _clock(self, conversion: Conversion) -> WallClock:
        name = conversion.field.name
        if name not in self._clocks:
            self._clocks[name] = WallClock(
                zone=conversion.zone,
                fold=conversion.fold,
                series=self._series(name),
                is_hourly=self.plan.contract.levels.frequency >= _HOUR,
            )
        return self._clocks[name]

    def _series(self, moment: str) -> tuple[str, ...]:
        moments = {moment, self.plan.contract.event.name}
        series = {*self.plan.contract.key} - moments
        keyed = [c for c in self.plan.conversions if c.field.name in series]
        return tuple(dict.fromkeys(name for c in keyed for name in c.source.columns))

    def _breaches(self, values: pl.DataFrame) -> list[pl.Series]:
        sure = values.select(rule.alias(name) for name, rule in self.plan.sure.items())
        kept = {name for name in sure.columns if sure[name].item()}
        open_rules = [r.alias(name) for name, r in self.plan.rules.items() if name not in kept]
        return values.select(open_rules).get_columns()

    def _dated(self, values: pl.DataFrame) -> pl.DataFrame:
        event = values[self.plan.contract.event.name]
        is_day = self.plan.contract.event.type == "date"
        return values.with_columns(
            (event if is_day else local_days(event, self.plan.zone)).alias(DAY)
        )

    def _rejected(self, chunk: pl.DataFrame, broken: pl.DataFrame, bad: pl.Series) -> Rejected:
        names = [pl.when(pl.col(rule)).then(pl.lit(rule)) for rule in broken.columns]
        rules = broken.filter(bad).select(pl.concat_list(names).list.drop_nulls().alias(RULES))
        rows = chunk.filter(bad).with_columns(pl.lit(self.batch).alias(BATCH))
        return Rejected(rows.with_columns(rules))


def _values(conversions: Sequence[Conversion], chunk: pl.DataFrame) -> pl.DataFrame:
    quick = chunk.select(c.quick(chunk.schema).alias(c.field.name) for c in conversions)
    unsure = [
        conversion
        for conversion in conversions
        if conversion.has_quick(chunk.schema) and quick[conversion.field.name].null_count()
    ]
    return quick.with_columns(_completed(c, quick[c.field.name], chunk) for c in unsure)


def _completed(conversion: Conversion, quick: pl.Series, chunk: pl.DataFrame) -> pl.Series:
    unsure = quick.is_null() & chunk.select(conversion.written().is_not_null()).to_series()
    if not unsure.any():
        return quick
    written = chunk.select(set(conversion.source.columns)).filter(unsure)
    values = written.select(conversion.value(chunk.schema)).to_series()
    return quick.scatter(unsure.arg_true(), values)


def _absences(
    conversion: Conversion, read: pl.Series, value: pl.Series, chunk: pl.DataFrame
) -> list[pl.Series]:
    if not value.null_count():
        return []
    written = chunk.select(conversion.written().is_not_null()).to_series()
    found = {"type": read.is_null() & written, "time": read.is_not_null() & value.is_null()}
    if conversion.fold == "reject" and found["time"].any():
        never = never_was(read, conversion.zone)
        found |= {"time": found["time"] & never, "fold": found["time"] & ~never}
    if conversion.field.required:
        is_key = conversion.field.key_position is not None
        found["required"] = ~written if is_key else ~written & ~_gone(chunk)
    name = conversion.field.name
    return [fault.alias(f"{name}:{rule}") for rule, fault in found.items() if fault.any()]


def _broken(chunk: pl.DataFrame, faults: list[pl.Series]) -> pl.DataFrame:
    flags = [
        chunk.select(
            pl.col(flag).cast(pl.Boolean) if flag == EXCESS else pl.col(flag).is_not_null()
        )
        .to_series()
        .alias(rule)
        for flag, rule in _ROW_FLAGS.items()
        if flag in chunk.columns
    ]
    found = [flag for flag in flags if flag.any()]
    if not found:
        return pl.DataFrame(faults or [_never(chunk).alias("row:broken")])
    whole = pl.DataFrame(found).select(pl.any_horizontal(pl.all())).to_series()
    return pl.DataFrame([*found, *((fault & ~whole).alias(fault.name) for fault in faults)])


def _parted(
    values: pl.DataFrame, bad: pl.Series, gone: pl.Series, key: tuple[str, ...]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    if not gone.any():
        return (values.filter(~bad) if bad.any() else values), values.clear().select(key)
    return values.filter(~(bad | gone)), values.filter(gone & ~bad).select(key)


def _gone(chunk: pl.DataFrame) -> pl.Series:
    return chunk[DELETED].fill_null(value=False) if DELETED in chunk.columns else _never(chunk)


def _never(chunk: pl.DataFrame) -> pl.Series:
    return pl.Series([False]).new_from_index(0, chunk.height)


def _is_wall(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.Datetime) and dtype.time_zone is None
