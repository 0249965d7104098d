"""`datasjo new municipality`: a municipality's file, ready for its first binding."""

import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path

import typer
import yaml

from pipelines.cli.files import write_new
from pipelines.cli.options import NewMunicipality
from schemas.documents import parse, read_yaml
from schemas.municipality import Municipality
from schemas.network import Network


def perform(asked: NewMunicipality) -> None:
    """Write the municipality's file in the network's folder.

    Raises:
        ConfigurationError: a word is not what such a file may hold, or the file stands already.
    """
    network = parse(Network, read_yaml(asked.network), str(asked.network))
    folder = Path(os.path.normpath(asked.network.parent / network.municipalities))
    path = folder / f"{asked.number}.yaml"
    text = "".join(f"{line}\n" for line in _lines(asked))
    parse(Municipality, yaml.safe_load(text), str(path))
    write_new(path, text)
    typer.echo(f"{path}: its root and its key are where these point:")
    typer.echo(f"  export DATASJO_ROOT_{asked.number}=... DATASJO_KEY_{asked.number}=...")
    typer.echo("Bind its datasets in the file, then: datasjo check")


def _lines(asked: NewMunicipality) -> Iterator[str]:
    officer = asked.protection_officer or asked.contact
    yield "# yaml-language-server: $schema=../../../schemas/editor/municipality.schema.json"
    yield f'number: "{asked.number}"'
    yield f"name: {{nb: {_told(asked.name)}}}"
    yield f'organisation_number: "{asked.organisation_number}"'
    yield f"valid_from: {dt.datetime.now(dt.UTC).astimezone().date()}"
    yield f"root: ${{DATASJO_ROOT_{asked.number}}}"
    yield f"key: ${{DATASJO_KEY_{asked.number}}}"
    yield f"data_protection_officer: {_told(officer)}"
    yield f"contact: {_told(asked.contact)}"
    yield "bindings: []"
    yield "  # - dataset: parking_occupancy"
    yield '  #   source: {engine: files, url: "${DROP}/parking/*.csv"}'
    yield '  #   schedule: "*/10 * * * *"'
    yield "  #   system: {name: p-hus, owner: park, responsible: it, personal_data: none}"


def _told(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
