"""`datasjo gdpr verify`: a release's receipt checked, without a network's files."""

import typer

from pipelines.cli import show
from pipelines.cli.options_gdpr import Verify
from pipelines.steps.verify import Verified, verify


def perform(asked: Verify) -> None:
    """Print who signed what; RecordBroken with one line where the receipt does not hold."""
    held = verify(asked.receipt, asked.key)
    if asked.as_json:
        show.as_json(
            {
                "holds": True,
                "signer": held.signer.fingerprint,
                "public_key": held.signer.public_key,
                "known_from": held.known_from,
                "receipt": held.told,
            }
        )
    else:
        typer.echo("\n".join(_lines(held)))


def _lines(held: Verified) -> list[str]:
    told = held.told
    files = told["files"] if isinstance(told["files"], list) else []
    owner = told["municipality"]
    name = owner["name"] if isinstance(owner, dict) else owner
    known = held.known_from or "nowhere: compare it with what the municipality says, or give --key"
    return [
        f"Holds: {told['dataset']} {told['version']} of {name}, {len(files)} files unchanged.",
        f"Signed with {held.signer.fingerprint}",
        f"Key known from {known}",
    ]
