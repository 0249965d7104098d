"""A CKAN's organisations, robot users and tokens, brought to what a network's files say."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from connectors.ckan.client import Ckan
from connectors.ckan.publishers import Publishers, Robot, counts_for
from pipelines.steps.network import owner_of
from pipelines.steps.robot_token import TokenPlace, secret_file
from pipelines.steps.root_key import text_at
from pipelines.steps.site import filled
from schemas.catalog import Catalog
from schemas.errors import ConfigurationError, Problem
from schemas.municipality import Municipality
from schemas.publishers import organisations_of

What = Literal["organisation", "robot", "token"]
Became = Literal["made", "changed", "stood", "renewed", "missing"]


@dataclass(frozen=True, slots=True)
class Brought:
    """One thing on CKAN and what became of it; `note` says where a token is, or what is left."""

    what: What
    name: str
    became: Became
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """How tokens are given: into which folder, and whether those that stand are to go.

    `folder` takes those of municipalities whose file names none for them.
    """

    folder: Path | None = None
    renew: bool = False


@dataclass(frozen=True, slots=True)
class Registration:
    """The publishers of a network on its CKAN, brought with an administrator's token."""

    catalog: Catalog
    ckan: Ckan = field(repr=False)
    names: Mapping[str, str] = field(repr=False)

    def bring(self, tokens: Tokens, number: str | None = None) -> Iterator[Brought]:
        """Bring all that the network's files say of publishers, or what one municipality needs.

        Run twice, nothing is written the second time.

        Raises:
            ConfigurationError: the network has no municipality of that number.
            PortalError: CKAN is down, or says no.
            StoreRejected: a token's file cannot be written; the token that stood still counts.
        """
        publishers = Publishers(self.ckan)
        publishers.require_administrator()
        owners = [owner_of(self.catalog, number)] if number else self._owners()
        shown = self.catalog.network.portal
        # a partner for which nothing is released has its organisation, and no robot
        bodies = {each.organisation: each for each in shown.publishers if number is None}
        for owner in owners:
            bodies |= {each.organisation: each for each in organisations_of(shown, owner)}
        for name, body in sorted(bodies.items()):
            yield Brought("organisation", name, publishers.bring_organisation(body))
        for owner in owners:
            robot = self._robot(owner)
            told = ", ".join(robot.organisations)
            yield Brought("robot", robot.name, publishers.bring_robot(robot), told)
            place = TokenPlace.of(owner, tokens.folder, self.names)
            yield self._token(robot, place, renew=tokens.renew)

    def _token(self, robot: Robot, place: TokenPlace, *, renew: bool) -> Brought:
        publishers, url = Publishers(self.ckan), self.ckan.url
        counts = any(counts_for(Ckan(url, each), robot) for each in place.held(self.names))
        if counts and not renew:
            return Brought("token", robot.name, "stood", place.told)
        if place.file is None:
            return Brought("token", robot.name, "missing", place.told)
        before = publishers.tokens_of(robot)
        with secret_file(place.file) as stream:
            stream.write(publishers.new_token(robot))
        # a token that stood elsewhere is another's to use, unless it was asked that it goes
        publishers.revoke(*(before if renew else ()))
        return Brought("token", robot.name, "renewed" if counts else "made", place.told)

    def _owners(self) -> list[Municipality]:
        return [owner for _, owner in sorted(self.catalog.municipalities.items())]

    def _robot(self, owner: Municipality) -> Robot:
        name = f"datasjo-{owner.number}"
        bodies = organisations_of(self.catalog.network.portal, owner)
        # no two users may have one address
        local, _, domain = owner.contact.rpartition("@")
        return Robot(
            name=name,
            title=f"Datasjø, {owner.name.nb}",
            mail=f"{local}+{name}@{domain}",
            organisations=tuple(each.organisation for each in bodies),
        )


def open_registration(
    catalog: Catalog, administrator: str, names: Mapping[str, str] = os.environ
) -> Registration:
    """The publishers of the network's CKAN; `administrator` says where that one's token stands.

    Raises:
        ConfigurationError: the network has no CKAN, or there is no token.
    """
    place, shown = f"network {catalog.network.network}", catalog.network.portal.ckan
    if shown is None:
        what = "is missing: the network shows its releases on no CKAN"
        raise ConfigurationError([Problem(place, "portal.ckan", what, "url: ${CKAN_URL}")])
    token = text_at(administrator, names)
    if not token:
        what = "is no file and no variable of the environment that holds a token"
        raise ConfigurationError([Problem("--token", administrator, what, "env:CKAN_ADMIN_TOKEN")])
    url = filled(shown.url, place, "portal.ckan.url", names)
    known = Ckan(url, token.strip(), whose=f"the token at {administrator}")
    return Registration(catalog, known, names)
