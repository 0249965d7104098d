"""Where a source is reached: in full for the wire, and without its secrets for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from schemas.documents import resolve
from schemas.errors import SourceRejected


@dataclass(frozen=True, slots=True)
class Address:
    """A source's address; `shown` has no user, no password and no query."""

    full: str = field(repr=False)
    shown: str

    @classmethod
    def of(cls, template: str) -> Address:
        """The address with each ${NAME} filled in.

        Raises:
            SourceRejected: a name is not set, or the text is no URL.
        """
        full = filled(template)
        return cls(full, _shown(full))


def filled(text: str) -> str:
    """`text` with each ${NAME} filled in; SourceRejected names what is not set."""
    try:
        return resolve(text)
    except KeyError as error:
        raise SourceRejected(f"the environment variable {error.args[0]} is not set") from None


def _shown(full: str) -> str:
    scheme, mark, _ = full.partition("://")
    if not mark or scheme == "file":
        return full
    try:
        parts = urlsplit(full)
        # after a raw slash in a password the rest looks like a path, and the port is no number
        _ = parts.port
    except ValueError:
        what = "the address is not a URL: percent-encode what is special in its user and password"
        raise SourceRejected(what) from None
    host = parts.netloc.rpartition("@")[2]
    return f"{scheme}://{host}{parts.path}"
