"""`datasjo schemas`: what editors need to complete the network's files."""

import json

import typer

from pipelines.cli.options import Schemas
from schemas.editor_schemas import editor_schemas


def perform(asked: Schemas) -> None:
    """Write one JSON Schema a kind of file into the folder."""
    asked.folder.mkdir(parents=True, exist_ok=True)
    for name, schema in editor_schemas().items():
        text = json.dumps(schema, ensure_ascii=False, indent=1)
        (asked.folder / name).write_text(f"{text}\n", encoding="utf-8")
        typer.echo(asked.folder / name)
