"""What can go wrong, split by what an operator can do about it.

DatasjoError
├── ConfigurationError      files of the network disagree or are incomplete: mend them
├── LakeError               stops this dataset: a retry gives the same answer
│   ├── ContractBroken      the source no longer looks as its contract says
│   ├── PolicyBreach        a personal field has no permitted mask
│   ├── GateClosed          a check failed; nothing was written
│   ├── LeakFound           a file of a release tells what it must not; nothing was released
│   ├── FormatsDiffer       files of a release do not hold the same values; nothing was released
│   ├── AccessDenied        read by whom, or for a purpose, that nobody granted
│   ├── RecordBroken        a log, a receipt or a list is not what was written
│   └── KeyUnavailable      the municipality's key is missing, too short or wrong
├── SourceError             the outside, coming in
│   ├── SourceUnavailable   down, slow or overloaded: try again later
│   └── SourceRejected      answered, and said no: mend the address or the access
├── StoreError              where data rest
│   ├── StoreUnavailable    unreachable or full: try again later
│   └── StoreRejected       not writable, not readable: mend the root
└── PortalError             the outside, going out
    ├── PortalUnavailable   down, slow or overloaded: try again later
    └── PortalRejected      answered, and said no: mend the release or the access

A message names municipality, dataset, file, rule and count; never a value of a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class DatasjoError(Exception):
    """One clear line for a person; `retryable` says whether waiting may help."""

    retryable: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one file, with an example of what would be right."""

    file: str
    field: str
    what: str
    example: str = ""

    def __str__(self) -> str:
        example = f" (example: {self.example})" if self.example else ""
        return f"{self.file}: {self.field}: {self.what}{example}"


class ConfigurationError(DatasjoError):
    """Files of the network disagree or are incomplete; `problems` holds a line for each."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class LakeError(DatasjoError):
    """Stops one dataset; the same input gives the same error."""


class ContractBroken(LakeError):
    """The source no longer looks as its contract says."""


class PolicyBreach(LakeError):
    """A personal field has no permitted mask."""


class GateClosed(LakeError):
    """A check failed before the write; the old partitions stand."""


class LeakFound(LakeError):
    """A file of a release tells what it must not; nothing was released."""


class FormatsDiffer(LakeError):
    """Files of a release do not hold the same values; nothing was released."""


class AccessDenied(LakeError):
    """Read by whom, or for a purpose, that nobody granted."""


class RecordBroken(LakeError):
    """A log, a receipt or a list is not what was written, or is another owner's."""


class KeyUnavailable(LakeError):
    """The municipality's key is missing, too short or wrong."""


class SourceError(DatasjoError):
    """A source could not be read."""


class SourceUnavailable(SourceError):
    """The source is down, slow or overloaded."""

    retryable = True


class SourceRejected(SourceError):
    """The source answered, and said no."""


class StoreError(DatasjoError):
    """A storage root could not be read or written."""


class StoreUnavailable(StoreError):
    """The storage is unreachable or full."""

    retryable = True


class StoreRejected(StoreError):
    """The storage refuses: not writable, not readable, or not what was written."""


class PortalError(DatasjoError):
    """A release could not be brought to a portal."""


class PortalUnavailable(PortalError):
    """The portal is down, slow or overloaded."""

    retryable = True


class PortalRejected(PortalError):
    """The portal answered, and said no."""
