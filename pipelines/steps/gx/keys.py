"""How many rows share their key with another row."""

import polars as pl

from pipelines.steps.gx.question import Question
from pipelines.steps.gx.table import Table, collect

UNIQUE = frozenset({"column_values.unique", "compound_columns.unique"})
FINGERPRINT = pl.struct(pl.all()).hash()


def rows_sharing_a_key(question: Question, table: Table) -> int:
    """The rows, of those considered, whose key occurs more than once; exact."""
    considered = question.considered(table)
    key = [table.value(name).alias(str(i)) for i, name in enumerate(question.columns)]
    batches = (rows.filter(considered).select(key) for rows in table.batches_by(question.columns))
    return sum(map(_shared, batches))


def _shared(keys: pl.LazyFrame) -> int:
    # distinct fingerprints prove distinct keys at eight bytes a row; only the keys behind
    # equal fingerprints are worth a comparison of the keys themselves
    prints = collect(keys.select(FINGERPRINT)).to_series()
    if prints.n_unique() == len(prints):
        return 0
    doubtful = prints.filter(prints.is_duplicated()).unique()
    groups = keys.filter(FINGERPRINT.is_in(doubtful.implode())).group_by(pl.all()).len("rows")
    return int(collect(groups.filter(pl.col("rows") > 1).select(pl.col("rows").sum())).item())
