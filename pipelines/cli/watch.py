"""What a person sees of long work: a bar over all of it, and rows a second in what is under way."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.text import Text

from pipelines.cli.show import number


class _Rows(ProgressColumn):
    """Rows so far, and a second."""

    def render(self, task: Task) -> Text:
        rows = int(task.fields.get("rows", 0))
        if not rows or not task.elapsed:
            return Text("")
        return Text(f"{number(rows)} rows, {number(int(rows / task.elapsed))} a second")


@dataclass(frozen=True, slots=True)
class Watch:
    """Follows work on several datasets."""

    progress: Progress

    @contextlib.contextmanager
    def over(self, what: str, count: int) -> Iterator[Callable[[], None]]:
        """A bar for so many parts; the function that is given marks one as done."""
        whole = self.progress.add_task(what, total=count, rows=0)
        try:
            yield lambda: self.progress.advance(whole)
        finally:
            self.progress.remove_task(whole)

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[Callable[[int], None]]:
        """One part under way; the function that is given counts rows."""
        task = self.progress.add_task(name, total=None, rows=0)
        counted = 0

        def count(rows: int) -> None:
            nonlocal counted
            counted += rows
            self.progress.update(task, rows=counted)

        try:
            yield count
        finally:
            self.progress.remove_task(task)


@contextlib.contextmanager
def watching(*, quiet: bool = False, screen: Console | None = None) -> Iterator[Watch]:
    """Progress on the screen, stdout where none is named; nothing where it is no terminal."""
    console = screen or Console()
    progress = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        _Rows(),
        console=console,
        disable=quiet or not console.is_terminal,
        transient=True,
    )
    with progress:
        yield Watch(progress)
