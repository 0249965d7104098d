"""What each command may be told: one value a command, whose docstring is the command's help."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

DEMO = Path("deploy/demo/network.yaml")
REAL = Path("deploy/real/network.yaml")
ADMINISTRATOR = "env:CKAN_ADMIN_TOKEN"
_NETWORK = typer.Option("--network", help="The network's file.", show_default=False)
_MUNICIPALITY = typer.Option("--municipality", "-m", help="Only this kommunenummer.")
_DATASET = typer.Option("--dataset", "-d", help="Only this dataset.")
_JSON = typer.Option("--json", help="Print one JSON document and nothing else.")
_PORT = typer.Option("--port", "-p", min=1, max=65535, help="The port on this machine.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Everywhere:
    """Every command is about one network."""

    network: Annotated[Path, _NETWORK] = DEMO


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen(Everywhere):
    """Commands about bound datasets take all of them, or those that are named."""

    municipality: Annotated[str | None, _MUNICIPALITY] = None
    dataset: Annotated[str | None, _DATASET] = None
    as_json: Annotated[bool, _JSON] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Everywhere):
    """Load and cross-check every contract, municipality and policy."""

    as_json: Annotated[bool, _JSON] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Run the main job on the demo network: from sources to portal, and what became of it all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Up(Everywhere):
    """Open the network in the Dagster UI."""

    port: Annotated[int, _PORT] = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Chosen):
    """Bring what the sources have into the lake: land, validate, mask, judge, commit."""

    start: Annotated[
        dt.datetime | None,
        typer.Option(
            "--from",
            metavar="DAY",
            formats=["%Y-%m-%d"],
            help="First local day asked for; a week before the last.",
        ),
    ] = None
    end: Annotated[
        dt.datetime | None,
        typer.Option(
            "--to", metavar="DAY", formats=["%Y-%m-%d"], help="Last local day asked for; today."
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Chosen):
    """Show how each dataset stands: newest event, freshness, rows, rejected, gate, release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay(Chosen):
    """Read what has landed again, under the contracts as they stand now, without fetching."""

    batch: Annotated[
        str | None, typer.Option(help="Only this batch, and what landed after it.")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Chosen):
    """Bring datasets from the lake into the open: an immutable version, and the portal's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Everywhere):
    """Take a dataset off every portal, until its release is approved anew."""

    municipality: Annotated[str, _MUNICIPALITY]
    dataset: Annotated[str, _DATASET]
    as_json: Annotated[bool, _JSON] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal(Everywhere):
    """Serve the released datasets on this machine."""

    port: Annotated[int, _PORT] = 8080


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishers(Everywhere):
    """Make the organisations and robot users of the network's CKAN, and give them tokens."""

    municipality: Annotated[str | None, _MUNICIPALITY] = None
    token: Annotated[
        str, typer.Option(help="Where the administrator's token stands: a file, or env:NAME.")
    ] = ADMINISTRATOR
    tokens: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where tokens go whose municipality names no file."),
    ] = None
    renew: Annotated[
        bool, typer.Option("--renew", help="Give new tokens, and revoke those that stand.")
    ] = False
    as_json: Annotated[bool, _JSON] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """Run the main job on a folder of real data, into an empty lake; prints one JSON object."""

    data: Annotated[Path, typer.Argument(help="The folder that holds the real data's folders.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDataset(Everywhere):
    """Start a dataset: a contract filled from a sample file, but for what a person decides."""

    name: Annotated[str, typer.Argument(help="The dataset's name, such as water_level.")]
    sample: Annotated[
        Path, typer.Option("--from", help="A sample: CSV, TSV, XLSX, JSON or JSON lines.")
    ]
    owner: Annotated[
        str | None, typer.Option(help="The unit that owns it; the network's contact.")
    ] = None
    alarm: Annotated[
        str | None, typer.Option(help="Whom an alarm reaches; the network's contact.")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMunicipality(Everywhere):
    """Start a municipality's file, without bindings."""

    number: Annotated[str, typer.Argument(help="The kommunenummer, four digits.")]
    name: Annotated[str, typer.Option(help="The name in Norwegian.")]
    organisation_number: Annotated[str, typer.Option(help="Nine digits.")]
    contact: Annotated[str, typer.Option(help="Where users of its data can ask.")]
    protection_officer: Annotated[
        str | None,
        typer.Option("--data-protection-officer", help="personvernombudet; the contact."),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemas:
    """Write the JSON Schemas with which editors complete the network's files."""

    folder: Annotated[Path, typer.Argument(help="Where they go.")] = Path("schemas/editor")
