"""A commit's receipt as a row of a table."""

from pipelines.cli import show
from schemas.stages import Receipt

COLUMNS = ("rows", "kept", "rejected", "duplicate", "days", "seconds")


def receipt_cells(receipt: Receipt | None) -> tuple[str, ...]:
    """The receipt under COLUMNS; one word where there is none."""
    if receipt is None:
        return ("nothing new",)
    counts = receipt.counts
    rows = (counts.landed, counts.kept, counts.rejected, counts.duplicate, len(receipt.days))
    return (*map(show.number, rows), f"{receipt.seconds:.1f}")
