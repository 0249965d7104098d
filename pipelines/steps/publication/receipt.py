"""A release's own receipt: what its files are, under which rules, and what was proved of them."""

import hashlib
from pathlib import Path

from gdpr.disclosure.anonymity import Anonymity
from gdpr.seal import Json, sealed
from pipelines.steps.keys import keyring_of
from pipelines.steps.proof import Proof
from pipelines.steps.publication.opened import Opened
from pipelines.steps.rights.tellers import WORD, release_name
from pipelines.steps.rights.whole import anchor_of, whole
from pipelines.steps.site import Site
from pipelines.steps.verify import TYPE
from schemas.instants import in_utc
from schemas.stages import RECEIPT, Release, Resource


def write_receipt(site: Site, release: Release, proof: Proof, folder: Path) -> Resource:
    """The receipt of the release's files, signed by the municipality, in the folder.

    It also tells, to who has the municipality's key, how far its logs and its list of erasures had
    come.

    Raises:
        KeyUnavailable: the municipality's key cannot be had.
        RecordBroken: a log or the list of erasures is older than a receipt tells.
    """
    told = anchor_of(site, whole(site, logs=True), release_name(release.dataset, release.version))
    document = {**_receipt(site, release, proof), WORD: told}
    content = sealed(document, keyring_of(site).signing_key())
    (folder / RECEIPT).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return Resource(RECEIPT, "json", digest, len(content), 0)


def _receipt(site: Site, release: Release, proof: Proof) -> dict[str, Json]:
    owner, contract = site.municipality, site.contract
    columns: list[Json] = [field.name for field in Opened.of(site).fields]
    return {
        "type": TYPE,
        "version": release.version,
        "municipality": {
            "number": owner.number,
            "name": owner.name.nb,
            "organisation_number": owner.organisation_number,
        },
        "dataset": release.dataset,
        "approval": _approval(site),
        "released_at": in_utc(release.released_at),
        "files": [_file(resource, columns) for resource in release.resources],
        "policy": {"name": site.policy.name, "version": site.policy.version},
        "contract": {"version": contract.version, "sha256": contract.sha256},
        "gate": release.receipt,
        "proof": _proof(proof),
    }


def _approval(site: Site) -> Json:
    decided = site.binding.release
    return decided.model_dump(mode="json", exclude={"contact"}) if decided else None


def _file(resource: Resource, columns: list[Json]) -> dict[str, Json]:
    told: dict[str, Json] = {
        "name": resource.name,
        "sha256": resource.sha256,
        "bytes": resource.size,
    }
    rows: dict[str, Json] = {"rows": resource.rows, "columns": columns}
    return told | rows if resource.holds_rows else told


def _proof(proof: Proof) -> dict[str, Json]:
    return {
        "files": list(proof.files),
        "kinds": list(proof.kinds),
        "findings": 0,
        "canaries": proof.canaries,
        "quasi_identifiers": list(proof.quasi_identifiers),
        "anonymity": _anonymity(proof.anonymity),
    }


def _anonymity(held: Anonymity | None) -> dict[str, Json] | None:
    if held is None:
        return None
    distance = None if held.t is None else f"{held.t:.6f}"
    return {"k": held.k, "l": held.l, "t": distance, "groups": held.groups}
