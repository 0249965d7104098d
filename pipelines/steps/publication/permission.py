"""What must stand before anything is released: a publication, an approval and an open receipt."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipelines.steps.counts import counts_site
from pipelines.steps.publication.history import History
from pipelines.steps.receipts import newest_receipts
from pipelines.steps.site import Site
from schemas.contract import Publication
from schemas.errors import ConfigurationError, GateClosed, Problem
from schemas.municipality import Approval
from schemas.stages import Receipt

_NONE_OPEN = "the policy opens none of them"


@dataclass(frozen=True, slots=True)
class Permission:
    """How the dataset is presented, who approved that, and the receipt that stands for its rows."""

    publication: Publication
    approval: Approval
    receipt: Receipt


def permission(site: Site, now: dt.datetime | None = None) -> Permission:
    """The site's permission to release; where `now` is told, one that holds by then.

    Raises:
        ConfigurationError: nobody approved it, or from a later day on, or since it was withdrawn;
            the contract has no publication, or the policy opens none of its fields, or keeps its
            counts in the lake.
        GateClosed: no open receipt stands under the contract as it is now.
    """
    publication, approval = site.contract.publication, site.binding.release
    if approval is None:
        place = f"bindings.{site.contract.name}.release"
        example = "{approved_by: kommunalsjef, approved_on: 2026-11-01, organisation: ...}"
        raise _missing(site.municipality.number, place, "nobody has approved a release", example)
    if now is not None:
        _require_begun(site, approval, now)
    if (day := held_since(site)) is not None:
        what = (
            f"is {approval.approved_on}, and it was withdrawn on {day}: it is to be approved anew"
        )
        raise _missing(site.municipality.number, _approved_on(site), what, str(day))
    if publication is None:
        what = "is missing: the contract does not say how the dataset is presented"
        raise _missing(site.contract.file, "customProperties.release", what, "title: {nb: ...}")
    shown = counts_site(site)
    if not shown.policy.released(shown.contract):
        kept = "the policy keeps its counts in the lake" if site.contract.aggregate else _NONE_OPEN
        raise _missing(site.contract.file, "fields", kept, "classification: open")
    return Permission(publication, approval, standing_receipt(site))


def _require_begun(site: Site, approval: Approval, now: dt.datetime) -> None:
    today = _local_day(site, now)
    if approval.approved_on > today:
        what = f"is {approval.approved_on}: nothing is released before that day"
        raise _missing(site.municipality.number, _approved_on(site), what, str(today))


def held_since(site: Site) -> dt.date | None:
    """The local day on which the dataset was withdrawn until somebody approves it anew.

    None where it is not withdrawn so, or has another approval than then, of that day or later.
    """
    approval = site.binding.release
    standing = History(site.store, site.contract.name).withdrawal()
    if standing is None or standing.approval is None:
        return None
    day = _local_day(site, standing.since)
    anew = approval and approval.decision != standing.approval and approval.approved_on >= day
    return None if anew else day


def _local_day(site: Site, at: dt.datetime) -> dt.date:
    return at.astimezone(ZoneInfo(site.municipality.time_zone)).date()


def _approved_on(site: Site) -> str:
    return f"bindings.{site.contract.name}.release.approved_on"


def standing_receipt(site: Site) -> Receipt:
    """The newest open receipt under the contract as it is now, whose rows are in the lake.

    A newer closed one wrote nothing, so the one before it still stands.
    """
    standing = next((found for found in newest_receipts(site) if _stands(site, found)), None)
    if standing is None:
        what = "no open receipt under the contract as it stands; run the dataset first"
        raise GateClosed(f"{site.name}: {what}")
    return standing


def _stands(site: Site, receipt: Receipt) -> bool:
    return receipt.open and receipt.contract_sha256 == site.contract.sha256


def _missing(file: str, field: str, what: str, example: str) -> ConfigurationError:
    return ConfigurationError([Problem(file, field, what, example)])
