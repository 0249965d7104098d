"""What the start page knows of a dataset: a small file of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo

from connectors.portal import Freshness, Page, Signer, slug_of
from connectors.static_portal.change_words import Notice, newest_notices
from connectors.static_portal.chart import sparkline
from connectors.static_portal.words import LANGS, in_language, portal_words
from schemas.model import Bilingual, Keywords

# no organisation's name begins like this
OWN = "_own"


@dataclass(frozen=True, slots=True)
class Partner:
    """Who publishes a dataset through a municipality: its name in addresses, and to people."""

    organisation: str
    name: Bilingual


@dataclass(frozen=True, slots=True)
class Entry:
    """One dataset of one municipality, as its card shows it.

    `partner` is who publishes it, where that is not the municipality. `points` are those that its
    metadata earn by the European method, and `shapes` the digest of the shapes that they were held
    against; older entries tell neither.
    """

    municipality: str
    dataset: str
    owner: Bilingual
    title: Bilingual
    description: Bilingual
    themes: tuple[str, ...]
    keywords: Keywords
    version: str
    released_at: dt.datetime
    newest_event: dt.datetime | None
    promised: dt.timedelta
    kept: dt.timedelta | None
    time_zone: str
    rows: int
    sizes: Mapping[str, int]
    spark: tuple[float, ...]
    signer: Signer | None = None
    notices: tuple[Notice, ...] = ()
    points: int | None = None
    shapes: str | None = None
    partner: Partner | None = None

    @classmethod
    def of(cls, page: Page, points: int | None = None) -> Self:
        """The page's entry, with the points that its metadata earn."""
        newest, publication, name = page.newest, page.publication, page.municipality.name
        return cls(
            municipality=page.municipality.number,
            dataset=page.contract.name,
            owner=Bilingual(nb=name.nb, en=name.en or name.nb),
            title=publication.title,
            description=publication.description,
            themes=publication.theme,
            keywords=publication.keyword,
            version=newest.version,
            released_at=newest.released_at,
            newest_event=newest.newest_event,
            promised=page.freshness.promised,
            kept=page.freshness.kept,
            time_zone=page.municipality.time_zone,
            rows=newest.rows,
            sizes={r.format: r.size for r in newest.resources if r.holds_all_rows},
            spark=sparkline(page.plot),
            signer=page.signer,
            notices=newest_notices(page),
            points=points,
            partner=_partner(page),
        )

    @property
    def publisher(self) -> Bilingual:
        """Who publishes the dataset: the partner, or the municipality itself."""
        return self.partner.name if self.partner else self.owner

    @property
    def published_as(self) -> str:
        """What the start page filters publishers by: the partner's name in addresses, or OWN."""
        return self.partner.organisation if self.partner else OWN

    @property
    def slug(self) -> str:
        """The dataset's name on the portal."""
        return slug_of(self.municipality, self.dataset)

    @property
    def folder(self) -> str:
        """Where its page and files stand."""
        return folder_path(self.slug)

    @property
    def path(self) -> str:
        """Where the entry itself stands."""
        return entry_path(self.slug)

    @property
    def freshness(self) -> Freshness:
        """Promised and kept freshness at the newest release."""
        return Freshness(self.promised, self.kept, self.released_at)

    def local(self, at: dt.datetime) -> dt.datetime:
        """The instant as the owner's clocks showed it."""
        return at.astimezone(ZoneInfo(self.time_zone))

    def sought(self) -> str:
        """Everything that a search finds the entry by, in both languages, in small letters."""
        words = portal_words()
        texts = [self.title, self.description, self.owner, self.publisher]
        found = [in_language(text, lang) for text in texts for lang in LANGS]
        found += [words.theme(code, lang) for code in self.themes for lang in LANGS]
        found += [*self.keywords.nb, *self.keywords.en, self.municipality, self.dataset]
        return " ".join([*found, self.dataset.replace("_", " ")]).lower()


def _partner(page: Page) -> Partner | None:
    publisher = page.publisher
    return Partner(publisher.organisation, publisher.name) if page.is_partners else None


def folder_path(slug: str) -> str:
    """The folder of a dataset's page and files."""
    return f"datasets/{slug}"


def folder_address(home: str, slug: str) -> str:
    """The address of that folder below the portal's own, with a slash at its end."""
    return f"{home.rstrip('/')}/{folder_path(slug)}/"


def entry_path(slug: str) -> str:
    """The file of a dataset's entry."""
    return f"entries/{slug}.json"
