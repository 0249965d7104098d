"""What each command of `datasjo gdpr` may be told; a value's docstring is the command's help."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import Chosen, Everywhere

_JSON = typer.Option("--json", help="Print one JSON document and nothing else.")
_OWNER = typer.Option("--municipality", "-m", help="The kommunenummer.")
_YES = typer.Option("--yes", help="Do it: this cannot be undone.")
_SUBJECT = typer.Option(
    "--subject",
    help="A file with the person's national_id, phone and email, one `word: value` a line; "
    "stdin where it is left out, so that nothing stands in the shell's history.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned(Everywhere):
    """Commands about one municipality."""

    municipality: Annotated[str, _OWNER]
    as_json: Annotated[bool, _JSON] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Access(Owned):
    """Show all that is held of a person, where, why and for how long, and who read it."""

    subject: Annotated[Path | None, _SUBJECT] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase(Owned):
    """Erase a person, or several with --- between them, from all that is held; for ever."""

    subject: Annotated[Path | None, _SUBJECT] = None
    yes: Annotated[bool, _YES] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention(Chosen):
    """Remove what was kept as long as it may be, and what a restored copy has of the erased."""

    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False
    tombstones: Annotated[
        Path | None,
        typer.Option(
            "--tombstones",
            help="The newest file of erasure/tombstones/, where a root was restored without it.",
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ropa(Owned):
    """Write the municipality's record of processing activities (GDPR article 30)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dpia(Chosen):
    """Write a risk report for each dataset (GDPR article 35)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """Look for persons in any file or folder; says what kind and how many, never which."""

    path: Annotated[Path, typer.Argument(help="A file or a folder.")]
    names: Annotated[bool, typer.Option("--names", help="Look for personal names too.")] = False
    as_json: Annotated[bool, _JSON] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify:
    """Check a release receipt: who signed it, and that the files beside it are those it names."""

    receipt: Annotated[Path, typer.Argument(help="The receipt.json beside the released files.")]
    key: Annotated[
        str | None, typer.Option("--key", help="The signer's fingerprint, or a file that holds it.")
    ] = None
    as_json: Annotated[bool, _JSON] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrap(Owned):
    """Put the municipality's secret under the network's root key; make one where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrap(Everywhere):
    """Bring keys from the root key before under the one that the network's file names now."""

    old: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="ROOT_KEY",
            help="The root key before: a file, env:NAME or aws-kms:KEY?endpoint=URL&region=NAME.",
        ),
    ]
    municipality: Annotated[
        str | None, typer.Option("--municipality", "-m", help="Only this kommunenummer.")
    ] = None
    as_json: Annotated[bool, _JSON] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotate(Owned):
    """Take a new key, and make the pseudonyms anew where that is possible without the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroy(Owned):
    """Destroy the municipality's key: its pseudonyms can never be made or resolved again."""

    yes: Annotated[bool, _YES] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Log(Owned):
    """Show the municipality's access and audit logs, after proving that nothing is missing."""

    since: Annotated[
        dt.datetime | None,
        typer.Option("--from", metavar="DAY", formats=["%Y-%m-%d"], help="First day."),
    ] = None
    receipt: Annotated[
        Path | None, typer.Option("--receipt", help="A receipt kept elsewhere, to hold it against.")
    ] = None
    restored: Annotated[
        str | None,
        typer.Option(
            "--restored",
            metavar="REASON",
            help="Why an older copy was put back: noted, and what receipts told is not missed.",
        ),
    ] = None
    erasures_lost: Annotated[
        bool,
        typer.Option("--erasures-lost", help="No newer list of erasures is left: go on without."),
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Everywhere):
    """Read a dataset as a recipient, for a purpose: only what a grant permits, and logged."""

    municipality: Annotated[str, _OWNER]
    dataset: Annotated[str, typer.Option("--dataset", "-d", help="The dataset.")]
    reader: Annotated[str, typer.Option("--as", help="The reader's kommunenummer.")]
    purpose: Annotated[str, typer.Option(help="What it is read for.")]
    to: Annotated[Path, typer.Option("--to", help="The Parquet or CSV file to write.")]
