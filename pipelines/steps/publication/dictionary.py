"""The data dictionary of a release: a line for each field, for a spreadsheet."""

from collections.abc import Sequence

import polars as pl

from schemas.contract import Field

_COLUMNS = (
    "field",
    "type",
    "unit",
    "key",
    "always_there",
    "minimum",
    "maximum",
    "shortest",
    "longest",
    "pattern",
    "description_nb",
    "description_en",
)


def dictionary(fields: Sequence[Field]) -> bytes:
    """The fields as CSV in the order of their columns; `key` is a field's place in it."""
    lines = [dict(zip(_COLUMNS, _line(field), strict=True)) for field in fields]
    frame = pl.DataFrame(lines, schema=dict.fromkeys(_COLUMNS, pl.String))
    return frame.write_csv(line_terminator="\r\n").encode()


def _line(field: Field) -> tuple[str | None, ...]:
    bounds = (field.minimum, field.maximum, field.min_length, field.max_length)
    return (
        field.name,
        field.stored_type,
        field.unit,
        None if field.key_position is None else str(field.key_position),
        "yes" if field.required else "no",
        *(None if bound is None else f"{bound:g}" for bound in bounds),
        field.pattern,
        field.description.nb,
        field.description.en,
    )
