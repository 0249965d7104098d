"""What a run says when it fails: one clear line, and never a value of a row."""

from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Self

import dagster as dg

from pipelines.steps.site import Site
from schemas.errors import DatasjoError

_ROOT = Path(__file__).parents[1]


class OneLine:
    """Around an asset's body: whatever goes wrong there fails the run with one line of ours.

    What waiting may help is tried again. An error that is none of ours may quote the data that it
    choked on: only its kind and where it arose are told.
    """

    def __init__(self, site: Site) -> None:
        self._site = site

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, DatasjoError):
            raise dg.Failure(str(error), allow_retries=error.retryable) from None
        if isinstance(error, Exception) and not isinstance(error, dg.DagsterError):
            line = f"{self._site.name}: {type(error).__name__} in {_place(trace)}"
            raise dg.Failure(line, allow_retries=False) from None


def _place(trace: TracebackType | None) -> str:
    places = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(trace)]
    path, line = next((place for place in reversed(places) if _is_ours(place[0])), places[-1])
    return f"{path.relative_to(_ROOT) if _is_ours(path) else path.name}, line {line}"


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(_ROOT) and "site-packages" not in path.parts
