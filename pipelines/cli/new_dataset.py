"""`datasjo new dataset`: from a sample file to the draft of a contract."""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import typer

from pipelines.cli.files import write_new
from pipelines.cli.options import NewDataset
from pipelines.steps.sample.contract_text import Answers, contract_text
from pipelines.steps.sample.draft import Draft, draft
from pipelines.steps.sample.table import read_sample
from schemas.contract import Field
from schemas.documents import parse, read_yaml
from schemas.errors import ConfigurationError
from schemas.network import Network
from schemas.reading import read_contract

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_CONTRACT = ".odcs.yaml"


def perform(asked: NewDataset) -> None:
    """Write the draft beside the network's other contracts, and say what is left to decide.

    Raises:
        ConfigurationError: the sample cannot be read, or there is such a contract already.
    """
    if not _NAME.fullmatch(asked.name):
        raise typer.BadParameter("small letters, digits and _, a letter first", param_hint="NAME")
    network = parse(Network, read_yaml(asked.network), str(asked.network))
    folder = Path(os.path.normpath(asked.network.parent / network.datasets))
    made = draft(asked.name, read_sample(asked.sample), _known(folder))
    contact = network.portal.contact
    answers = Answers(asked.owner or contact, asked.alarm or contact, contact)
    path = folder / f"{asked.name}{_CONTRACT}"
    write_new(path, contract_text(made, answers))
    for line in _said(path, made):
        typer.echo(line)


def _known(folder: Path) -> dict[str, Field]:
    """The fields of the contracts that are whole; a draft that waits for decisions is not."""
    fields: dict[str, Field] = {}
    for path in sorted(folder.glob(f"*{_CONTRACT}")):
        with contextlib.suppress(ConfigurationError):
            fields |= {field.name: field for field in read_contract(path).fields}
    return fields


def _said(path: Path, made: Draft) -> Iterator[str]:
    keys = sorted((f.key_position, f.name) for f in made.fields if f.key_position is not None)
    event = next((f.name for f in made.fields if f.partition), "none found: partition a field")
    units = sum(field.lacks_unit for field in made.fields)
    yield f"{path}: {len(made.fields)} fields from {made.rows} rows"
    yield f"  key    {', '.join(name for _, name in keys) or 'none found: name one'}"
    yield f"  event  {event}"
    yield f"Left to decide: a class for {len(made.fields)} fields, a unit for {units}."
    yield "`datasjo check` lists them; then bind the dataset in a municipality's file."
