"""The rules that each row must satisfy, as named Polars expressions made from the contract."""

from collections.abc import Iterator

import polars as pl

from schemas.contract import Contract, Field


def row_rules(contract: Contract) -> dict[str, pl.Expr]:
    """Rule name → whether a row breaks it, over a frame of the contract's fields."""
    rules = dict(rule for field in contract.fields for rule in _field_rules(field))
    for quality in contract.quality:
        if quality.type == "custom" and quality.implementation:
            holds = pl.sql_expr(quality.implementation)
            rules[quality.name] = holds.not_().fill_null(value=False)
    return rules


def sure_rules(contract: Contract) -> dict[str, pl.Expr]:
    """Rule name → one truth value for a whole frame: true where no row of it breaks the rule.

    It is found from a column's least and greatest value, much faster than the rule row by row.
    """
    return {f"{f.name}:range": _inside(f, pl.col(f.name)) for f in contract.fields if _is_bound(f)}


def _is_bound(field: Field) -> bool:
    return field.minimum is not None and field.maximum is not None


def _inside(field: Field, value: pl.Expr) -> pl.Expr:
    least, greatest = (
        (value.nan_min(), value.nan_max()) if field.type == "number" else (value.min(), value.max())
    )
    return (least >= field.minimum) & (greatest <= field.maximum)


def _field_rules(field: Field) -> Iterator[tuple[str, pl.Expr]]:
    value = pl.col(field.name)
    if outside := _outside(field, value):
        broken = pl.any_horizontal(outside).fill_null(value=False)
        yield f"{field.name}:range", broken
    if field.pattern is not None:
        yield (
            f"{field.name}:pattern",
            value.str.contains(field.pattern).not_().fill_null(value=False),
        )
    if lengths := _lengths(field, value.str.len_chars()):
        yield f"{field.name}:length", pl.any_horizontal(lengths).fill_null(value=False)


def _outside(field: Field, value: pl.Expr) -> list[pl.Expr]:
    bounds = [] if field.minimum is None else [value < field.minimum]
    bounds += [] if field.maximum is None else [value > field.maximum]
    return [*bounds, value.is_finite().not_()] if field.type == "number" else bounds


def _lengths(field: Field, length: pl.Expr) -> list[pl.Expr]:
    bounds = [] if field.min_length is None else [length < field.min_length]
    return bounds + ([] if field.max_length is None else [length > field.max_length])
