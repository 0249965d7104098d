"""The network's own file: who takes part, under which policy, and where the portal stands."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.model import Bilingual, Filled, Slug, Strict, Word

PublisherKind = Literal[
    "LocalAuthority", "RegionalAuthority", "NationalAuthority", "Company", "NonProfitOrganisation"
]


class CkanSite(Strict):
    """A CKAN that shows the released datasets as well, each under its owner's own token.

    `datastore` says where the address of the DataStore's database stands: a file, or env:NAME;
    without it, rows reach the DataStore through CKAN's own API. Files above `max_resource_size`
    megabytes, the limit that CKAN itself is set to, are linked to where the portal's root is
    served.
    """

    url: Filled = Field(examples=["${CKAN_URL}"])
    datastore: Filled | None = Field(default=None, examples=["env:CKAN_DATASTORE"])
    max_resource_size: int = Field(default=10, ge=1, examples=[10])


class Publisher(Strict):
    """Who answers for the catalogue as a whole; each dataset has its own municipality."""

    name: Bilingual
    organisation_number: str | None = Field(
        default=None, pattern=r"^\d{9}$", examples=["964965226"]
    )


class Organisation(Strict):
    """A body whose datasets the portal shows: a partner of the municipalities, or one of them.

    Approvals name it by `organisation`, which is also its name on CKAN.
    """

    organisation: Slug = Field(examples=["kolumbus"])
    name: Bilingual
    organisation_number: str = Field(pattern=r"^\d{9}$", examples=["982433215"])
    kind: PublisherKind = Field(default="LocalAuthority", examples=["Company"])
    contact: Filled = Field(examples=["data@kolumbus.example.no"])
    url: Filled | None = Field(default=None, examples=["https://kolumbus.example.no"])


class PortalSite(Strict):
    """The open-data portal: where its files go and how it presents itself.

    `url` is the public address that the root is served at, and what every name in the catalogue
    for harvesters begins with; without it, the root's own address. Where `publishers` are told,
    nobody else's datasets are released but theirs and the municipalities' own.
    """

    root: Filled = Field(examples=["${DATASJO_VAR:-var/demo}/portal"])
    url: Filled | None = Field(default=None, examples=["https://data.example.no"])
    publisher: Publisher | None = None
    publishers: tuple[Organisation, ...] = ()
    title: Bilingual
    contact: Filled = Field(examples=["datadeling@example.no"])
    ckan: CkanSite | None = None


class Network(Strict):
    """A region's lake. Paths are relative to the file itself."""

    network: Word = Field(examples=["demo"])
    name: Bilingual
    datasets: Filled = Field(examples=["../../schemas/datasets"])
    policies: Filled = Field(examples=["../../gdpr/policies"])
    municipalities: Filled = Field(default="municipalities", examples=["municipalities"])
    policy: Word = Field(examples=["datasjo_baseline"])
    root_key: Filled | None = Field(default=None, examples=["${DATASJO_ROOT_KEY}"])
    portal: PortalSite
