"""How each dataset stands: in its owner's lake, in quarantine, at the gate and in the open."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from connectors.portal import slug_of
from connectors.static_portal.entry import entry_path
from connectors.store import Store
from pipelines.steps.counts import Groups, groups
from pipelines.steps.publication.history import History
from pipelines.steps.quarantine import quarantined_rows
from pipelines.steps.receipts import latest_receipt
from pipelines.steps.site import Site
from pipelines.steps.standing import standing
from schemas.errors import StoreError
from schemas.stages import Receipt

Gate = Literal["open", "closed", "not judged"]


@dataclass(frozen=True, slots=True)
class Freshness:
    """The greatest age of the newest event that was promised, and its age now; None without one."""

    promised: dt.timedelta
    kept: dt.timedelta | None

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.kept is not None and self.kept <= self.promised


@dataclass(frozen=True, slots=True)
class Rejections:
    """Rows that broke a rule: in the newest commit, and those that are in quarantine now."""

    last_commit: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Status:
    """One dataset of one municipality, now.

    `last_day` is the newest local day of the lake, ISO 8601; `failed` names the checks that keep
    the gate closed; `released` is the version that the stable addresses give, and `points` what its
    metadata earn on the portal by the European method. Where only counts leave the restricted zone,
    `rows` are those in it, and `groups` what the lake holds of them.
    """

    municipality: str
    dataset: str
    last_day: str | None
    newest_event: dt.datetime | None
    freshness: Freshness
    rows: int
    rejected: Rejections
    gate: Gate
    failed: tuple[str, ...]
    judged_at: dt.datetime | None
    released: str | None
    groups: Groups | None
    points: int | None = None


def status(site: Site, now: dt.datetime, portal: Store | None = None) -> Status:
    """How the site's dataset stands, with its points where `portal`, the portal's root, has them.

    StoreError where the site's own root cannot be read; the portal's may be out of reach.
    """
    stands = standing(site)
    receipt = latest_receipt(site)
    shown = History(site.store, site.contract.name).record().shown
    return Status(
        municipality=site.municipality.number,
        dataset=site.contract.name,
        last_day=max(stands.rows, default=None),
        newest_event=stands.newest_event,
        freshness=Freshness(site.contract.levels.freshness, stands.age(now)),
        rows=sum(stands.rows.values()),
        rejected=Rejections(
            receipt.counts.rejected if receipt else 0,
            quarantined_rows(site),
        ),
        gate=_gate(receipt),
        failed=_failed(receipt),
        judged_at=receipt.judged_at if receipt else None,
        released=shown.version if shown else None,
        groups=groups(site),
        points=_points(site, portal) if portal else None,
    )


def _points(site: Site, portal: Store) -> int | None:
    path = entry_path(slug_of(site.municipality.number, site.contract.name))
    try:
        told = portal.read_json(path).get("points") if portal.exists(path) else None
    except StoreError:
        return None
    return told if isinstance(told, int) else None


def _gate(receipt: Receipt | None) -> Gate:
    if receipt is None:
        return "not judged"
    return "open" if receipt.open else "closed"


def _failed(receipt: Receipt | None) -> tuple[str, ...]:
    checks = receipt.checks if receipt else ()
    return tuple(check.name for check in checks if check.closes)
