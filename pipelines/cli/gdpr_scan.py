"""`datasjo gdpr scan`: any file or folder, looked through for persons."""

from dataclasses import asdict
from typing import NoReturn

import typer

from gdpr.scan.findings import Finding
from pipelines.cli import show
from pipelines.cli.boundary import WRONG
from pipelines.cli.options_gdpr import Scan
from pipelines.cli.watch import watching
from pipelines.steps.scan import files_of, scan_files, sought_in


def perform(asked: Scan) -> None:
    """Print what was found, of which kind and how many, never which; exit 1 where it is something.

    DatasjoError where there is nothing at the path.
    """
    files = files_of(asked.path)
    sought = sought_in(asked.path, names=asked.names)
    with watching(quiet=asked.as_json) as watch, watch.over("Scanning", len(files)) as seen:
        found = scan_files(asked.path, sought, seen)
    if asked.as_json:
        show.as_json({"findings": [asdict(finding) for finding in found]})
    else:
        _tell(found, len(files))
    if found:
        _end()


def _tell(found: tuple[Finding, ...], files: int) -> None:
    if not found:
        typer.echo(f"Nothing found in {show.number(files)} files.")
        return
    made = show.table("Found", "file", "kind", "count")
    for finding in found:
        made.add_row(finding.file, finding.kind, show.number(finding.count))
    show.console().print(made)


def _end() -> NoReturn:
    raise typer.Exit(WRONG)
