"""What an erasure took, as a person reads it."""

from rich.table import Table

from pipelines.cli import show
from pipelines.steps.rights.clean import Cleaned


def cleaned_table(title: str, outcome: Cleaned) -> Table:
    """Rows that went, place by place, and the released versions that were retired."""
    made = show.table(title, "dataset", "place", "rows", "batches or days")
    for went in outcome.went:
        made.add_row(went.dataset, went.place, show.number(went.rows), show.number(went.parts))
    for version in outcome.retired:
        made.add_row(version, "retired", show.NONE, show.NONE)
    if not (outcome.went or outcome.retired):
        made.add_row(show.NONE, show.NONE, "0", "0")
    return made
