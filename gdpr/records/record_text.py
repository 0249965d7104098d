"""Records as Markdown in Norwegian: tables of what is known, and what nobody declared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NOT_TOLD = "ikke oppgitt"
TREATMENTS = {
    "keep": "som den er",
    "drop": "fjernes",
    "pseudonym": "pseudonym",
    "reversible": "reversibelt pseudonym",
    "format_preserving": "pseudonym i samme form",
    "generalise": "grupperes",
    "truncate": "forkortes",
    "bucket": "grupperes i like brede intervaller",
    "round": "avrundes",
    "top_code": "kappes i endene",
    "grid": "rute i et rutenett",
    "redact": "sladdes",
    "aggregate": "bare antall og summer",
}


def told(value: object) -> str:
    """The value as a cell of a table; what is missing or empty is said to be so."""
    if value is None or value in ("", ()):
        return NOT_TOLD
    if isinstance(value, tuple):
        return "; ".join(map(told, value))
    return str(value).replace("|", "\\|").replace("\n", " ")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; without rows, the word for what is missing."""
    lines = [f"| {' | '.join(map(told, row))} |" for row in rows]
    if not lines:
        return f"{NOT_TOLD[0].upper()}{NOT_TOLD[1:]}."
    ruled = f"|{'---|' * len(head)}"
    return "\n".join([f"| {' | '.join(head)} |", ruled, *lines])


def days(count: int | None) -> str | None:
    """A number of days as words."""
    return None if count is None else f"{count} dager"
