"""A commit's receipt as a row of a table."""

from pipelines.cli import show
from schemas.stages import Receipt

COLUMNS = ("rows", "kept", "rejected", "twice", "days", "s")


def receipt_cells(receipt: Receipt | None) -> tuple[str, ...]:
    """The receipt under COLUMNS; a mark where there is none."""
    if receipt is None:
        return (show.NONE,)
    counts = receipt.counts
    rows = (counts.landed, counts.kept, counts.rejected, counts.duplicate, len(receipt.days))
    return (*map(show.number, rows), f"{receipt.seconds:.1f}")
