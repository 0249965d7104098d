"""A municipality's own file: what it brings, on which legal basis, and what it releases."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from schemas.model import Filled, Kommunenummer, Slug, Strict, Word
from schemas.source import Source


class Name(Strict):
    """The municipality's name in Norwegian; English where it differs."""

    nb: Filled = Field(examples=["Stavanger kommune"])
    en: Filled | None = None


class System(Strict):
    """The fagsystem that a binding reads: who owns it and what kind of data it holds."""

    name: Filled = Field(examples=["Aktiv kommune"])
    owner: Filled = Field(examples=["idrett"])
    responsible: Filled = Field(examples=["it-arkitektur"])
    personal_data: Literal["none", "ordinary", "special"] = Field(examples=["none"])


class LegalBasis(Strict):
    """GDPR article 6, and 9 where special categories are read; with law and purpose."""

    article_6: Literal["a", "b", "c", "d", "e", "f"] = Field(examples=["e"])
    article_9: Filled | None = None
    law: Filled | None = Field(default=None, examples=["kommuneloven § 5-1"])
    purpose: Filled = Field(examples=["facility management"])
    use: Filled | None = Field(default=None, examples=["essential.service"])
    dpia: Filled | None = None


class Approval(Strict):
    """The decision that a dataset may be released: by whom, when, for which organisation.

    The organisation is the publisher; the municipality whose file this is releases for it.
    `contact` answers for this dataset, where it is not the organisation's own contact.
    """

    approved_by: Filled = Field(examples=["kommunalsjef"])
    approved_on: dt.date = Field(examples=["2026-11-01"])
    organisation: Slug = Field(examples=["stavanger-kommune"])
    contact: Filled | None = Field(default=None, examples=["parkering@example.no"])

    @property
    def decision(self) -> str:
        """Who decided, when and for whom, on one line."""
        return f"{self.organisation}, approved by {self.approved_by} on {self.approved_on}"


class Binding(Strict):
    """One dataset of one municipality: from which source, when, and on which basis."""

    dataset: Word = Field(examples=["parking_occupancy"])
    source: Source
    schedule: str = Field(pattern=r"^(\S+ ){4}\S+$", examples=["*/10 * * * *"])
    system: System
    legal_basis: LegalBasis | None = None
    release: Approval | None = None


class Grant(Strict):
    """What a neighbour may see of a dataset, why, and until when."""

    recipient: Kommunenummer
    dataset: Word
    columns: tuple[Word, ...] = Field(min_length=1)
    rows: str | None = None
    purpose: Filled
    legal_basis: LegalBasis
    expires: dt.date


class Municipality(Strict):
    """An owner of data: its root, its keys, its bindings, its decisions."""

    number: Kommunenummer = Field(examples=["1103"])
    name: Name
    organisation_number: str = Field(pattern=r"^\d{9}$", examples=["964965226"])
    valid_from: dt.date = Field(examples=["2020-01-01"])
    valid_to: dt.date | None = None
    first_day: dt.date | None = Field(
        default=None,
        description="The first local day that the municipality keeps data of, if not valid_from.",
        examples=["2026-10-01"],
    )
    successor: Kommunenummer | None = None
    root: Filled = Field(examples=["${DATASJO_ROOT_1103}"])
    key: Filled = Field(examples=["${DATASJO_KEY_1103}"])
    key_since: dt.date | None = Field(
        default=None,
        description="The day on which another key was taken, behind all later pseudonyms.",
        examples=["2026-11-21"],
    )
    canaries: Filled | None = Field(
        default=None,
        description="A restricted file of planted texts, one a line, that no release may hold.",
        examples=["${DATASJO_CANARIES_1103}"],
    )
    organisation: Slug | None = Field(
        default=None,
        description="Its own organisation on portals, where that is not its name in small letters.",
        examples=["heroy-i-nordland"],
    )
    ckan_token: Filled | None = Field(
        default=None,
        description="Where the token of its robot user on the network's CKAN stands.",
        examples=["env:CKAN_TOKEN_1103"],
    )
    data_protection_officer: Filled = Field(examples=["personvernombud@example.no"])
    contact: Filled = Field(examples=["datadeling@example.no"])
    time_zone: Filled = Field(default="Europe/Oslo", examples=["Europe/Oslo"])
    policy: Word | None = Field(default=None, examples=["datasjo_baseline"])
    bindings: tuple[Binding, ...] = ()
    grants: tuple[Grant, ...] = ()

    def binding(self, dataset: str) -> Binding:
        """The municipality's binding of that dataset; KeyError where there is none."""
        for binding in self.bindings:
            if binding.dataset == dataset:
                return binding
        raise KeyError(dataset)
