"""Who may write what on a CKAN: organisations, robot users and their tokens."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from connectors.ckan.client import Ckan
from schemas.errors import PortalRejected
from schemas.network import Organisation

Done = Literal["made", "changed", "stood"]
_ROLE = "editor"
_LISTED_AS = "datasjo"
_NUMBER = "organisation_number"


@dataclass(frozen=True, slots=True)
class Robot:
    """A user that no person is: it may change what its organisations have, and nothing else."""

    name: str
    title: str
    mail: str
    organisations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Publishers:
    """The publishers of a CKAN, as its administrator sees them.

    What is done twice is written once. Every call raises PortalUnavailable where CKAN is down, and
    PortalRejected where it says no.
    """

    ckan: Ckan

    def require_administrator(self) -> None:
        """Raise PortalRejected where the token is no administrator's."""
        if not self.ckan.ask("user_show", {}).get("sysadmin"):
            raise PortalRejected(f"{self.ckan.url}: the token is no administrator's")

    def bring_organisation(self, wanted: Organisation) -> Done:
        """Make the organisation, or make it what it should be; what others noted of it stays.

        Raises:
            PortalRejected: one of that name is noted there with another organisation number.
        """
        known = self.ckan.find("organization_show", wanted.organisation)
        told = _organisation(wanted)
        if known is None:
            self.ckan.ask("organization_create", {**told, "extras": _pairs(_noted(wanted))})
            return "made"
        noted = {each["key"]: each["value"] for each in known.get("extras", [])}
        if noted.get(_NUMBER, wanted.organisation_number) != wanted.organisation_number:
            where = f"{self.ckan.url}: {wanted.organisation}"
            raise PortalRejected(
                f"{where} has another organisation number there: not ours to change"
            )
        if all(known.get(key) == value for key, value in told.items()) and (
            noted == noted | _noted(wanted)
        ):
            return "stood"
        extras = _pairs(noted | _noted(wanted))
        self.ckan.ask("organization_patch", {**told, "id": known["id"], "extras": extras})
        return "changed"

    def bring_robot(self, robot: Robot) -> Done:
        """Make the user, or make it what it should be: editor of its organisations, no more."""
        known = self.ckan.find("user_show", robot.name)
        told = {"fullname": robot.title, "email": robot.mail}
        if known is None:
            # nobody is to log in as a robot: its password is told to no one
            password = secrets.token_urlsafe(32)
            first = {**told, "name": robot.name, "password": password}
            self.ckan.ask("user_create", first)
            self._bring_memberships(robot)
            return "made"
        wanted = {**told, "state": "active", "sysadmin": False}
        differs = any(known.get(key) != value for key, value in wanted.items())
        if differs:
            self.ckan.ask("user_patch", {**wanted, "id": known["id"]})
        return "changed" if self._bring_memberships(robot) or differs else "stood"

    def tokens_of(self, robot: Robot) -> tuple[str, ...]:
        """The ids of all tokens that the robot has, the oldest first."""
        found = self.ckan.ask("api_token_list", {"user_id": robot.name})
        return tuple(each["id"] for each in found)

    def new_token(self, robot: Robot) -> str:
        """A token of the robot's, told this once."""
        asked = {"user": robot.name, "name": _LISTED_AS}
        return str(self.ckan.ask("api_token_create", asked)["token"])

    def revoke(self, *ids: str) -> None:
        """Make tokens count no more."""
        for each in ids:
            self.ckan.ask("api_token_revoke", {"jti": each})

    def _bring_memberships(self, robot: Robot) -> bool:
        asked = {"id": robot.name, "permission": "read"}
        found: list[Mapping[str, Any]] = self.ckan.ask("organization_list_for_user", asked)
        held = {each["name"]: each["capacity"] for each in found}
        wanted = dict.fromkeys(robot.organisations, _ROLE)
        for name in sorted(held.keys() - wanted.keys()):
            self.ckan.ask("organization_member_delete", {"id": name, "username": robot.name})
        for name in sorted(name for name in wanted if held.get(name) != _ROLE):
            told = {"id": name, "username": robot.name, "role": _ROLE}
            self.ckan.ask("organization_member_create", told)
        return held != wanted


def counts_for(ckan: Ckan, robot: Robot) -> bool:
    """Whether the token that this CKAN is asked with is the robot's, and counts."""
    try:
        return bool(ckan.ask("user_show", {})["name"] == robot.name)
    except PortalRejected:
        return False


def _organisation(wanted: Organisation) -> dict[str, str]:
    name = wanted.name
    return {
        "name": wanted.organisation,
        "title": name.nb,
        "description": f"Åpne data fra {name.nb}.\n\nOpen data from {name.en}.",
        "state": "active",
    }


def _noted(wanted: Organisation) -> dict[str, str]:
    told = {
        "title_en": wanted.name.en,
        _NUMBER: wanted.organisation_number,
        "contact": wanted.contact,
        "url": wanted.url,
    }
    return {key: value for key, value in told.items() if value}


def _pairs(noted: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in sorted(noted.items())]
